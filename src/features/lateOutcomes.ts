import { bucketOfOne, paymentClasses, withoutRate, type Bucket } from './bucket.ts'
import { isNight } from './night.ts'
import { isFolded, type Cursor, type ReadLog } from './readLog.ts'

type PaymentClass = (typeof paymentClasses)[keyof typeof paymentClasses]

const noBuckets: readonly Bucket[] = []

/** What is moved between buckets changes neither. */
const leftBy = (log: ReadLog): NonNullable<ReadLog['left']> => {
  const buckets = log.folded?.buckets ?? noBuckets
  log.left ??= {
    paidUntil: buckets.reduce((latest, { of, to }) => (of < 0 ? latest : Math.max(latest, to)), -Infinity),
    buckets: buckets.length,
  }
  return log.left
}

/**
 * Whether an outcome whose payment is not there is about one that is folded. What a fold kept waits for a payment that
 * had not come by then.
 */
export const isLate = (log: ReadLog, { view, at, position }: Cursor): boolean =>
  log.folded !== null &&
  position >= log.folded.keptUntil &&
  view.getFloat64(at + 16, true) <= leftBy(log).paidUntil

/** One record less: an average one, so that mean and spread stay. */
const less = (bucket: Bucket, at: number): Bucket => ({
  ...bucket,
  count: bucket.count - 1,
  sum: bucket.sum - bucket.sum / bucket.count,
  night: Math.max(0, Math.min(bucket.count - 1, bucket.night - (isNight(at) ? 1 : 0))),
})

const classOf = ({ of }: Bucket): number => (of < 0 ? -1 : of % withoutRate)

/** Place of the narrowest of the first `length` buckets that is of the class and has something of that time, or -1. */
const bucketAt = (buckets: readonly Bucket[], length: number, of: PaymentClass, at: number): number => {
  let found = -1
  let width = Infinity
  for (let place = 0; place < length; place++) {
    const bucket = buckets[place]
    if (bucket === undefined || classOf(bucket) !== of) continue
    const { from, to } = bucket
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
  buckets: Bucket[],
  length: number,
  at: number,
  from: readonly PaymentClass[],
  to: PaymentClass,
): void => {
  const place = from.map((of) => bucketAt(buckets, length, of, at)).find((found) => found >= 0) ?? -1
  const bucket = buckets[place]
  if (bucket === undefined) return
  const moved = bucketOfOne(to + (bucket.of - classOf(bucket)), at, bucket.sum / bucket.count)
  if (bucket.count === 1) buckets[place] = moved
  else {
    buckets[place] = less(bucket, at)
    buckets.push(moved)
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
  const from = told === allowed ? [other] : [allowed, other]
  // One that was moved before is behind those that the fold left.
  const length = before === allowed ? buckets.length : leftBy(log).buckets
  move(buckets, length, view.getFloat64(at + 16, true), from, told)
}

/** Whether it came before, and what it says is in the buckets. */
export const isRepeated = (log: ReadLog, cursor: Cursor): boolean =>
  isFolded(log, cursor, cursor.view.getFloat64(cursor.at + 16, true))
