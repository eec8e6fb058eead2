import {
  allowedFromAt,
  amountsAt,
  blockedFromAt,
  newestAt,
  positionsAt,
  timesAt,
} from '../../src/features/columns.ts'
import type { History } from '../../src/features/history.ts'

const ofDoubles =
  (columnAt: (capacity: number) => number) =>
  ({ doubles, capacity, payments }: History): readonly number[] => [
    ...doubles.subarray(columnAt(capacity), columnAt(capacity) + payments),
  ]

const ofWords =
  (columnAt: (capacity: number) => number) =>
  ({ words, capacity, payments }: History): readonly number[] => [
    ...words.subarray(columnAt(capacity), columnAt(capacity) + payments),
  ]

/** A column of a history as a list, one value for each payment. */
export const timesOf = ofDoubles(timesAt)
export const newestOf = ofDoubles(newestAt)
export const amountsOf = ofDoubles(amountsAt)
export const positionsOf = ofWords(positionsAt)
export const allowedFromOf = ofWords(allowedFromAt)
export const blockedFromOf = ofWords(blockedFromAt)
