import {
  compareNetworks,
  createFilling,
  createIntervals,
  networkAt,
  visitHolding,
  type Intervals,
  type NetworkRow,
} from './intervals.ts'

/** Networks of one family that come and go. */
export type Networks = {
  add(network: NetworkRow): void
  /** A row that is removed is not used again before it was told to `onFreed`. */
  remove(row: number): void
  visitHolding(words: readonly number[], visit: (row: number) => void): void
  /** Whether `*settle` has something to do. */
  isDue(): boolean
  /** Sorts what is new in, in pieces: one at each `next`. Nothing may be added or removed until it is done. */
  settle(): Generator<void, void, undefined>
  readonly size: number
  readonly bytes: number
}

/** Sorting so many takes about a tenth of a millisecond; it is done when an address is looked up. */
const recentMax = 512
const pieceRows = 1_024

const bytesOf = ({ size, width }: Intervals): number => size * (4 * width + 9)

const sorted = (networks: readonly NetworkRow[], width: number): Intervals => {
  const into = createIntervals(width, networks.length)
  const filling = createFilling(into)
  for (const network of networks.toSorted(compareNetworks)) filling.append(network)
  return into
}

/** @param onFreed told of each removed row that nothing points to any more */
export const createNetworks = (width: number, onFreed: (row: number) => void): Networks => {
  let settled = createIntervals(width, 0)
  let recent: NetworkRow[] = []
  let recentSorted: Intervals | null = null
  const removed = new Set<number>()

  const recentIntervals = (): Intervals => (recentSorted ??= sorted(recent, width))
  const forgetRemoved = (): void => {
    for (const row of removed) onFreed(row)
    removed.clear()
  }

  return {
    add: (network) => {
      recent.push(network)
      recentSorted = null
    },
    remove: (row) => {
      const at = recent.findIndex((each) => each.row === row)
      if (at < 0) removed.add(row)
      else {
        recent.splice(at, 1)
        recentSorted = null
        onFreed(row)
      }
    },
    visitHolding: (words, visit) => {
      const visitKept =
        removed.size === 0 ? visit : (row: number) => (removed.has(row) ? undefined : visit(row))
      if (settled.size > 0) visitHolding(settled, words, visitKept)
      if (recent.length > 0) visitHolding(recentIntervals(), words, visitKept)
    },
    isDue: () => recent.length >= recentMax || removed.size >= recentMax,
    *settle() {
      const newer = recent.toSorted(compareNetworks)
      const into = createIntervals(width, settled.size - removed.size + newer.length)
      const filling = createFilling(into)
      let next = 0
      for (let at = 0; at < settled.size; at++) {
        const network = networkAt(settled, at)
        if (at % pieceRows === 0) yield
        if (removed.has(network.row)) continue
        for (
          let one = newer[next];
          one !== undefined && compareNetworks(one, network) <= 0;
          one = newer[++next]
        )
          filling.append(one)
        filling.append(network)
      }
      for (const one of newer.slice(next)) filling.append(one)
      settled = into
      recent = []
      recentSorted = null
      forgetRemoved()
    },
    get size() {
      return settled.size - removed.size + recent.length
    },
    get bytes() {
      return bytesOf(settled) + recent.length * 200
    },
  }
}
