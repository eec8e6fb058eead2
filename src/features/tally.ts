import { bucketCell } from './buckets.ts'
import { isNight } from './night.ts'

/**
 * What is added up over the records of one window: numbered cells in one flat array, a stride apart for each window.
 * First each record goes into the smallest window that holds it (`addAmount`, `countRecords`), then every window takes in the next
 * smaller one (`cumulate`). The payment itself is never in a tally; a measure that includes it adds it when it reads.
 */
export const tally = {
  count: 0,
  sum: 1,
  min: 2,
  max: 3,
  mean: 4,
  /** Sum of squared distances from the mean. */
  spread: 5,
  allowedCount: 6,
  allowedSum: 7,
  allowedMax: 8,
  allowedMean: 9,
  allowedSpread: 10,
  /** Records with the same amount as the payment. */
  same: 11,
  /** Highest and lowest effectiveAt. */
  latest: 12,
  earliest: 13,
  /** Records with an UTC hour from 0 to 6. */
  night: 14,
} as const
export const tallyStride = 15

const emptyTally = [0, 0, Infinity, -Infinity, 0, 0, 0, 0, -Infinity, 0, 0, 0, -Infinity, Infinity, 0]

/** One tally without records for each of so many windows. */
export const emptyTallies = (windows: number): Float64Array =>
  Float64Array.from({ length: windows * tallyStride }, (_, at) => emptyTally[at % tallyStride] ?? 0)

const cell = (cells: Float64Array, at: number): number => cells[at] ?? 0

/** Adds so many earlier records to the tally at `at`. @param latest epoch ms of the newest and of the oldest of them */
export const countRecords = (
  cells: Float64Array,
  at: number,
  count: number,
  latest: number,
  earliest: number,
): void => {
  cells[at + tally.count] = cell(cells, at + tally.count) + count
  if (latest > cell(cells, at + tally.latest)) cells[at + tally.latest] = latest
  if (earliest < cell(cells, at + tally.earliest)) cells[at + tally.earliest] = earliest
}

export const countNight = (cells: Float64Array, at: number, effectiveAt: number): void => {
  if (isNight(effectiveAt)) cells[at + tally.night] = cell(cells, at + tally.night) + 1
}

/**
 * Adds the amount of a record that is not counted yet, as `uncounted` before it are not either. `deviations` asks for mean and spread as well (Welford 1962:
 * exact for equal amounts, where a difference of sums of squares is not).
 */
export const addAmount = (
  cells: Float64Array,
  at: number,
  uncounted: number,
  amount: number,
  ownAmount: number,
  allowed: boolean,
  deviations: boolean,
): void => {
  cells[at + tally.sum] = cell(cells, at + tally.sum) + amount
  if (amount < cell(cells, at + tally.min)) cells[at + tally.min] = amount
  if (amount > cell(cells, at + tally.max)) cells[at + tally.max] = amount
  if (amount === ownAmount) cells[at + tally.same] = cell(cells, at + tally.same) + 1
  if (deviations) addToSpread(cells, at + tally.mean, cell(cells, at + tally.count) + uncounted + 1, amount)
  if (!allowed) return
  const allowedCount = cell(cells, at + tally.allowedCount) + 1
  cells[at + tally.allowedCount] = allowedCount
  cells[at + tally.allowedSum] = cell(cells, at + tally.allowedSum) + amount
  if (amount > cell(cells, at + tally.allowedMax)) cells[at + tally.allowedMax] = amount
  if (deviations) addToSpread(cells, at + tally.allowedMean, allowedCount, amount)
}

/** `at`: the cell of the mean; the spread is the next one. `count`: with the new amount. */
const addToSpread = (cells: Float64Array, at: number, count: number, amount: number): void => {
  const mean = cell(cells, at)
  const newMean = mean + (amount - mean) / count
  cells[at] = newMean
  cells[at + 1] = cell(cells, at + 1) + (amount - mean) * (amount - newMean)
}

/** Mean and spread of two sets of amounts as one (Chan, Golub and LeVeque 1979); the first set's cells take both. */
const mergeSpread = (
  cells: Float64Array,
  at: number,
  count: number,
  others: Float64Array,
  from: number,
  fromCount: number,
): void => {
  if (fromCount === 0) return
  const total = count + fromCount
  const distance = cell(others, from) - cell(cells, at)
  cells[at] = cell(cells, at) + (distance * fromCount) / total
  cells[at + 1] =
    cell(cells, at + 1) + cell(others, from + 1) + (distance * distance * count * fromCount) / total
}

/** Mean and spread of a bucket, for `mergeSpread`. */
const scratch = new Float64Array(2)

const addSpread = (
  cells: Float64Array,
  at: number,
  bucket: Float64Array,
  row: number,
  allowed: boolean,
): void => {
  const count = cell(bucket, row + bucketCell.count)
  scratch[0] = cell(bucket, row + bucketCell.sum) / count
  scratch[1] = cell(bucket, row + bucketCell.spread)
  mergeSpread(cells, at + tally.mean, cell(cells, at + tally.count), scratch, 0, count)
  if (allowed)
    mergeSpread(cells, at + tally.allowedMean, cell(cells, at + tally.allowedCount), scratch, 0, count)
}

/**
 * Adds the amounts of a bucket that is not counted yet. `deviations` asks for mean and spread as well.
 * @param bucket packed ones, of which that at `row` is meant
 */
export const addBucketAmounts = (
  cells: Float64Array,
  at: number,
  bucket: Float64Array,
  row: number,
  allowed: boolean,
  deviations: boolean,
): void => {
  const sum = cell(bucket, row + bucketCell.sum)
  const max = cell(bucket, row + bucketCell.max)
  if (deviations) addSpread(cells, at, bucket, row, allowed)
  cells[at + tally.sum] = cell(cells, at + tally.sum) + sum
  cells[at + tally.min] = Math.min(cell(cells, at + tally.min), cell(bucket, row + bucketCell.min))
  cells[at + tally.max] = Math.max(cell(cells, at + tally.max), max)
  if (!allowed) return
  cells[at + tally.allowedCount] = cell(cells, at + tally.allowedCount) + cell(bucket, row + bucketCell.count)
  cells[at + tally.allowedSum] = cell(cells, at + tally.allowedSum) + sum
  cells[at + tally.allowedMax] = Math.max(cell(cells, at + tally.allowedMax), max)
}

/**
 * Adds records that are no longer told apart; which of their amounts are equal to another is not known.
 * @param bucket packed ones, of which that at `row` is meant
 * @param earliest epoch ms of its oldest and its newest record, as far as the window knows
 */
export const countBucket = (
  cells: Float64Array,
  at: number,
  bucket: Float64Array,
  row: number,
  earliest: number,
  latest: number,
): void => {
  cells[at + tally.count] = cell(cells, at + tally.count) + cell(bucket, row + bucketCell.count)
  cells[at + tally.same] = NaN
  cells[at + tally.latest] = Math.max(cell(cells, at + tally.latest), latest)
  cells[at + tally.earliest] = Math.min(cell(cells, at + tally.earliest), earliest)
  cells[at + tally.night] = cell(cells, at + tally.night) + cell(bucket, row + bucketCell.night)
}

const added = [tally.count, tally.sum, tally.allowedCount, tally.allowedSum, tally.same, tally.night] as const
const highest = [tally.max, tally.allowedMax, tally.latest] as const
const lowest = [tally.min, tally.earliest] as const

/** Lets every window, shortest first, take in the ones that are shorter. */
export const cumulate = (cells: Float64Array, deviations: boolean): void => {
  for (let at = tallyStride; at < cells.length; at += tallyStride) {
    const from = at - tallyStride
    if (deviations) {
      const all = tally.count
      mergeSpread(
        cells,
        at + tally.mean,
        cell(cells, at + all),
        cells,
        from + tally.mean,
        cell(cells, from + all),
      )
      const allowed = tally.allowedCount
      const mean = tally.allowedMean
      mergeSpread(
        cells,
        at + mean,
        cell(cells, at + allowed),
        cells,
        from + mean,
        cell(cells, from + allowed),
      )
    }
    for (const each of added) cells[at + each] = cell(cells, at + each) + cell(cells, from + each)
    for (const each of highest) cells[at + each] = Math.max(cell(cells, at + each), cell(cells, from + each))
    for (const each of lowest) cells[at + each] = Math.min(cell(cells, at + each), cell(cells, from + each))
  }
}
