import { bucketOfOne, paymentClasses, withoutRate, type Bucket, type BucketClass } from './bucket.ts'
import { bucketAt, bucketCell, bucketStride, pushBucket, putBucket, type Buckets } from './buckets.ts'
import { isNight } from './night.ts'
import { isFolded, type Cursor, type ReadLog } from './readLog.ts'

type PaymentClass = (typeof paymentClasses)[keyof typeof paymentClasses]

/**
 * Whether an outcome whose payment is not there is about one that is folded. What a fold kept waits for a payment that
 * had not come by then.
 */
export const isLate = (log: ReadLog, { view, at, position }: Cursor): boolean =>
  log.folded !== null &&
  position >= log.folded.keptUntil &&
  view.getFloat64(at + 16, true) <= log.folded.paidUntil

/** One record less: an average one, so that mean and spread stay. */
const less = (bucket: Bucket, at: number): Bucket => ({
  ...bucket,
  count: bucket.count - 1,
  sum: bucket.sum - bucket.sum / bucket.count,
  night: Math.max(0, Math.min(bucket.count - 1, bucket.night - (isNight(at) ? 1 : 0))),
})

const classOf = (of: BucketClass): number => (of < 0 ? -1 : of % withoutRate)

/** Place of the narrowest of the first `length` buckets that is of the class and has something of that time, or -1. */
const placeOfTime = ({ cells }: Buckets, length: number, of: PaymentClass, at: number): number => {
  let found = -1
  let width = Infinity
  for (let place = 0; place < length; place++) {
    const cell = place * bucketStride
    if (classOf(cells[cell + bucketCell.of] ?? NaN) !== of) continue
    const [from, to] = [cells[cell + bucketCell.from] ?? NaN, cells[cell + bucketCell.to] ?? NaN]
    if (from > at || to < at || to - from >= width) continue
    found = place
    width = to - from
  }
  return found
}

/**
 * Lets one payment of the first class that has one of that time be of another class.
 * @param length how many of the buckets may have it
 */
const move = (
  buckets: Buckets,
  length: number,
  at: number,
  from: readonly PaymentClass[],
  to: PaymentClass,
): void => {
  const place = from.map((of) => placeOfTime(buckets, length, of, at)).find((found) => found >= 0)
  if (place === undefined) return
  const bucket = bucketAt(buckets, place * bucketStride)
  const moved = bucketOfOne(to + (bucket.of - classOf(bucket.of)), at, bucket.sum / bucket.count)
  if (bucket.count === 1) putBucket(buckets, place, moved)
  else {
    putBucket(buckets, place, less(bucket, at))
    pushBucket(buckets, moved)
  }
}

const { allowed, blocked, other } = paymentClasses

/**
 * Takes what became of a payment that is folded, and so can only be told apart by its time: a payment of that time is
 * moved to the class of its outcome.
 * @param told the class that the outcome gives; null: none
 */
export const moveLate = (
  log: ReadLog,
  { view, at }: Cursor,
  told: typeof allowed | typeof blocked | null,
): void => {
  if (log.folded === null) return
  const id = `${view.getUint32(at + 24, true)} ${view.getUint32(at + 28, true)} ${view.getUint8(at + 3)}`
  log.late ??= new Map()
  const before = log.late.get(id) ?? other
  log.late.set(id, told === null || before === blocked ? before : told)
  if (told === null || before === blocked || before === told) return
  const { buckets } = log.folded
  log.left ??= buckets.count
  const from = told === allowed ? [other] : [allowed, other]
  // One that was moved before is behind those that the fold left.
  const length = before === allowed ? buckets.count : log.left
  move(buckets, length, view.getFloat64(at + 16, true), from, told)
}

/** Whether it came before, and what it says is in the buckets. */
export const isRepeated = (log: ReadLog, cursor: Cursor): boolean =>
  isFolded(log, cursor, cursor.view.getFloat64(cursor.at + 16, true))
