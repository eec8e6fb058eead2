import type { Bucket } from './bucket.ts'
import { addRow, noRows, type Rows } from './rows.ts'

/** Buckets of one log, packed: `bucketStride` numbers each, in the order of `bucketCell`. */
export type Buckets = Rows

/** What a bucket's numbers are; see `Bucket`. */
export const bucketCell = {
  of: 0,
  count: 1,
  from: 2,
  to: 3,
  sum: 4,
  spread: 5,
  min: 6,
  max: 7,
  night: 8,
} as const
export const bucketStride = 9

const cellNames = Object.keys(bucketCell) as readonly (keyof typeof bucketCell)[]

const write = ({ cells }: Buckets, at: number, bucket: Bucket): void => {
  for (const name of cellNames) cells[at + bucketCell[name]] = bucket[name]
}

export const pushBucket = (buckets: Buckets, bucket: Bucket): void =>
  write(buckets, addRow(buckets, bucketStride), bucket)

export const putBucket = (buckets: Buckets, index: number, bucket: Bucket): void =>
  write(buckets, index * bucketStride, bucket)

/** @param at index of its first cell */
export const bucketAt = ({ cells }: Buckets, at: number): Bucket => ({
  of: cells[at + bucketCell.of] ?? NaN,
  count: cells[at + bucketCell.count] ?? NaN,
  from: cells[at + bucketCell.from] ?? NaN,
  to: cells[at + bucketCell.to] ?? NaN,
  sum: cells[at + bucketCell.sum] ?? NaN,
  spread: cells[at + bucketCell.spread] ?? NaN,
  min: cells[at + bucketCell.min] ?? NaN,
  max: cells[at + bucketCell.max] ?? NaN,
  night: cells[at + bucketCell.night] ?? NaN,
})

export const packBuckets = (list: readonly Bucket[]): Buckets => {
  const buckets = noRows()
  for (const bucket of list) pushBucket(buckets, bucket)
  return buckets
}

/** One object for each, for what is not done for each payment. */
export const listBuckets = (buckets: Buckets): readonly Bucket[] =>
  Array.from({ length: buckets.count }, (_, index) => bucketAt(buckets, index * bucketStride))
