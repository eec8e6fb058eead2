import { isNight } from './night.ts'

/**
 * Records of one class that are no longer told apart: how many, from when to when, and what their amounts add up to.
 * A bucket of one record, or of records of one time, is exact.
 */
export type Bucket = {
  readonly of: BucketClass
  readonly count: number
  /** Epoch ms of the oldest and of the newest record. */
  readonly from: number
  readonly to: number
  /** Minor units of the base currency; all 0 where the class has no amounts, NaN where no rate was known. */
  readonly sum: number
  /** Sum of squared distances from the mean. */
  readonly spread: number
  readonly min: number
  readonly max: number
  /** Records with an UTC hour from 0 to 6. */
  readonly night: number
}

/** What became of a payment, or -1 minus the place of a note's kind in `noteKinds`. */
export type BucketClass = number
export const paymentClasses = { allowed: 0, blocked: 1, other: 2 } as const
/** Added to the class of payments whose amounts have no rate. */
export const withoutRate = 3
export const noteClass = (kind: number): BucketClass => -1 - kind

export const isAllowedClass = (of: BucketClass): boolean =>
  of >= 0 && of % withoutRate === paymentClasses.allowed

/** A bucket of one record. @param amount minor units of the base currency; 0 for what has none */
export const bucketOfOne = (of: BucketClass, at: number, amount: number): Bucket => ({
  of,
  count: 1,
  from: at,
  to: at,
  sum: amount,
  spread: 0,
  min: amount,
  max: amount,
  night: isNight(at) ? 1 : 0,
})

/** Two neighbours as one (Chan, Golub and LeVeque 1979). */
export const merged = (a: Bucket, b: Bucket): Bucket => {
  const count = a.count + b.count
  const distance = b.sum / b.count - a.sum / a.count
  return {
    of: a.of,
    count,
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    sum: a.sum + b.sum,
    spread: a.spread + b.spread + (distance * distance * a.count * b.count) / count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    night: a.night + b.night,
  }
}
