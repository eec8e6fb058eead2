import { createRng } from '../../src/offline/simulator/rng.ts'

/**
 * Which fault begins in which place: all of them in an order of the seed, then all of them in another one ..., never
 * the same one twice in a row.
 */
export const scheduleOf = <Name extends string>(
  names: readonly Name[],
  count: number,
  seed: number,
): readonly Name[] => {
  const rng = createRng(seed)
  const order: Name[] = []
  while (order.length < count) {
    const left = [...names]
    while (left.length > 0) {
      const candidates = left.length > 1 ? left.filter((name) => name !== order.at(-1)) : left
      const name = rng.pick(candidates)
      left.splice(left.indexOf(name), 1)
      order.push(name)
    }
  }
  return order.slice(0, count)
}

/** How many faults fit: the first after one interval, the last at least one before the end. */
export const faultsIn = (seconds: number, everySeconds: number): number =>
  Math.max(0, Math.floor(seconds / everySeconds) - 1)
