/** What was begun and has not ended. */
export type UnderWay = {
  /** The same promise, held until it is settled. */
  readonly track: <T>(promise: Promise<T>) => Promise<T>
  /** Resolves when all that is under way now is settled, well or not. */
  readonly settled: () => Promise<void>
}

/**
 * A list that keeps its places, and no set: a set that lives long and changes with each batch leaves its outgrown tables
 * behind, each of which keeps the next one alive, with the batch that was in it, until the old generation is collected.
 */
export const createUnderWay = (): UnderWay => {
  const held: Promise<unknown>[] = []

  const release = (promise: Promise<unknown>): void => {
    const place = held.indexOf(promise)
    const last = held.pop()
    if (last !== undefined && place < held.length) held[place] = last
  }

  return {
    track: async (promise) => {
      held.push(promise)
      try {
        return await promise
      } finally {
        release(promise)
      }
    },
    settled: async () => {
      await Promise.allSettled(held)
    },
  }
}
