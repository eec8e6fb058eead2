import type { Network } from '../address.ts'

/** A network and what it stands for. */
export type NetworkRow = Network & { readonly row: number }

/**
 * Networks of one family, sorted by their first address and then the wider first. Of two networks one holds the other
 * or they share nothing, so each has one narrowest network around it: `around`, -1 for none.
 */
export type Intervals = {
  readonly size: number
  readonly width: number
  readonly starts: Uint32Array
  readonly prefixes: Uint8Array
  readonly rows: Uint32Array
  readonly around: Int32Array
}

/** @param width words of an address: one or four */
export const createIntervals = (width: number, size: number): Intervals => ({
  size,
  width,
  starts: new Uint32Array(size * width),
  prefixes: new Uint8Array(size),
  rows: new Uint32Array(size),
  around: new Int32Array(size),
})

const compareWords = (starts: Uint32Array, at: number, words: readonly number[]): number => {
  for (let i = 0; i < words.length; i++) {
    const difference = (starts[at + i] ?? 0) - (words[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

const holds = ({ starts, prefixes, width }: Intervals, at: number, words: readonly number[]): boolean => {
  const prefix = prefixes[at] ?? 0
  for (let i = 0; i < width; i++) {
    const bits = prefix - i * 32
    if (bits <= 0) return true
    const mask = bits >= 32 ? -1 : -1 << (32 - bits)
    if ((((words[i] ?? 0) ^ (starts[at * width + i] ?? 0)) & mask) !== 0) return false
  }
  return true
}

/** The last interval that begins at or before the address, or -1. */
const lastFrom = ({ starts, size, width }: Intervals, words: readonly number[]): number => {
  let [low, high] = [0, size]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareWords(starts, middle * width, words) <= 0) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Tells the row of each network that holds the address, the narrowest first. */
export const visitHolding = (
  intervals: Intervals,
  words: readonly number[],
  visit: (row: number) => void,
): void => {
  let at = lastFrom(intervals, words)
  for (; at >= 0; at = intervals.around[at] ?? -1)
    if (holds(intervals, at, words)) visit(intervals.rows[at] ?? 0)
}

export const networkAt = ({ starts, prefixes, rows, width }: Intervals, at: number): NetworkRow => ({
  words: [...starts.subarray(at * width, (at + 1) * width)],
  prefix: prefixes[at] ?? 0,
  row: rows[at] ?? 0,
})

/** The order of `Intervals`. */
export const compareNetworks = (one: Network, other: Network): number => {
  for (let i = 0; i < one.words.length; i++) {
    const difference = (one.words[i] ?? 0) - (other.words[i] ?? 0)
    if (difference !== 0) return difference
  }
  return one.prefix - other.prefix
}

/** Fills intervals one after the other, in their order. */
export const createFilling = (into: Intervals): { readonly append: (network: NetworkRow) => void } => {
  let at = 0
  let around = -1
  return {
    append: ({ words, prefix, row }) => {
      while (around >= 0 && !holds(into, around, words)) around = into.around[around] ?? -1
      into.starts.set(words, at * into.width)
      into.prefixes[at] = prefix
      into.rows[at] = row
      into.around[at] = around
      around = at++
    },
  }
}
