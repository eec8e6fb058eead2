import { classFor, createSpareColumns, type ColumnMemory } from './spareColumns.ts'

/**
 * The memory of one history's payments: one buffer with a column for each property, so that a walk over times or over
 * one kind of entity reads neighbouring memory. A plain object, as there are many of them. The buffer is replaced
 * when it grows: read it anew after an append.
 */
export type Columns = {
  /** How many different payments there are, in the order of the log. */
  payments: number
  /** How many there is room for; the columns are so far apart. */
  capacity: number
  doubles: Float64Array
  /** The same memory as 32-bit words. */
  words: Uint32Array
}

/** Bytes of the log's beginning that are kept, to tell one log from another. */
export const prefixBytes = 16
const prefixDoubles = prefixBytes / 8
const prefixWords = prefixBytes / 4

const doubleColumns = 3
const wordColumns = 13

/** What one payment takes. */
export const columnBytes = doubleColumns * 8 + wordColumns * 4

/** Higher than any position. */
export const neverTold = 0xffff_ffff

/** Index in `doubles` of the first payment's effectiveAt, epoch ms. */
export const timesAt = (_capacity: number): number => prefixDoubles
/** Index in `doubles`: highest effectiveAt of a payment and all before it: a walk back in time may stop by it. */
export const newestAt = (capacity: number): number => prefixDoubles + capacity
/** Index in `doubles`: minor units of the base currency. */
export const amountsAt = (capacity: number): number => prefixDoubles + 2 * capacity

const wordsAt = (column: number) => (capacity: number) =>
  prefixWords + (2 * doubleColumns + column) * capacity

/** Indices in `words` of the first payment's value in each column. Positions are byte offsets in the log, ascending. */
export const positionsAt = wordsAt(0)
/** Position of the record that told that the payment was allowed, or `neverTold`. */
export const allowedFromAt = wordsAt(1)
/** Position of the record that told that the payment was blocked or declined, or `neverTold`. */
export const blockedFromAt = wordsAt(2)
export const idLowAt = wordsAt(3)
export const idHighAt = wordsAt(4)
/** Attempt and content hash, as `tryOf` packs them. */
export const triesAt = wordsAt(5)
/** Latitude and longitude, as the record packs them: the low and the high half. */
export const placesAt = wordsAt(6)
/** Of the entity in the given slot: its hash, or 0. */
export const entitiesAt = (capacity: number, slot: number): number =>
  prefixWords + (2 * doubleColumns + 7 + slot) * capacity

const noBuffer = new ArrayBuffer(prefixBytes)

export const emptyColumns = { doubles: new Float64Array(noBuffer), words: new Uint32Array(noBuffer) } as const

/** The one list of free memory, as of an allocator: beyond how much room it has, no history depends on it. */
const spare = createSpareColumns(2 ** 20)

const bytesFor = (capacity: number): number => prefixBytes + Math.ceil((capacity * columnBytes) / 8) * 8

const memoryIn = (capacity: number, buffer: ArrayBuffer | SharedArrayBuffer): ColumnMemory => ({
  capacity,
  doubles: new Float64Array(buffer),
  words: new Uint32Array(buffer),
})

/** Of a history that is read for the first time. The engine counts it, and so collects those that were read and dropped. */
const firstMemory = (payments: number): ColumnMemory =>
  memoryIn(payments, new ArrayBuffer(bytesFor(payments)))

/**
 * Of one that grows. Shared, though no other thread sees it: the engine does not count that. It collects all garbage
 * whenever what it counts has grown by 64 MiB, however much room the heap has, and histories grow by that much within
 * seconds.
 */
const grownMemory = (payments: number): ColumnMemory => {
  const capacity = classFor(payments)
  return spare.take(capacity) ?? memoryIn(capacity, new SharedArrayBuffer(bytesFor(capacity)))
}

/** Makes room for so many payments at least. Nobody may use the earlier buffer any more: another history gets it. */
export const growColumns = (columns: Columns, payments: number): void => {
  const { capacity, doubles, words } = columns.capacity === 0 ? firstMemory(payments) : grownMemory(payments)
  const held = columns.payments
  const before = columns.capacity
  words.set(columns.words.subarray(0, prefixWords))
  for (let column = 0; held > 0 && column < doubleColumns; column++) {
    const from = prefixDoubles + column * before
    doubles.set(columns.doubles.subarray(from, from + held), prefixDoubles + column * capacity)
  }
  for (let column = 0; held > 0 && column < wordColumns; column++) {
    const from = prefixWords + (2 * doubleColumns + column) * before
    words.set(
      columns.words.subarray(from, from + held),
      prefixWords + (2 * doubleColumns + column) * capacity,
    )
  }
  spare.give({ capacity: before, doubles: columns.doubles, words: columns.words })
  columns.doubles = doubles
  columns.words = words
  columns.capacity = capacity
}
