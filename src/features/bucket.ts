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

export const isAllowed = ({ of }: Bucket): boolean => of >= 0 && of % withoutRate === paymentClasses.allowed

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

/** Count, sum and sum of squares: what windows are added up from. */
export type Weight = { readonly count: number; readonly sum: number; readonly squares: number }

export const weightOf = ({ count, sum, spread }: Bucket): Weight => ({
  count,
  sum,
  squares: spread + (sum * sum) / count,
})

const plus = (a: Weight, b: Weight): Weight => ({
  count: a.count + b.count,
  sum: a.sum + b.sum,
  squares: a.squares + b.squares,
})

/** Amounts without a rate are not known: only their number counts. */
const isLight = (bucket: Bucket, newer: Weight, share: number): boolean => {
  const { count, sum, squares } = weightOf(bucket)
  if (count > share * newer.count) return false
  return Number.isNaN(sum) || (sum <= share * newer.sum && squares <= share * newer.squares)
}

const isOneMoment = (a: Bucket, b: Bucket): boolean => a.from === a.to && b.from === b.to && a.from === b.from

/**
 * The rule of an exponential histogram (Datar, Gionis, Indyk and Motwani 2002): neighbours become one only while that
 * stays within `share` of everything newer of their class, in number, sum and sum of squares. A window that cuts a
 * bucket is then off by at most `share` of what it holds.
 * @param buckets of one class, oldest first
 * @param newer what is newer than all of them
 * @returns oldest first
 */
export const condense = (buckets: readonly Bucket[], newer: Weight, share: number): readonly Bucket[] => {
  const kept: Bucket[] = []
  let total = newer
  let current: Bucket | null = null
  for (const bucket of buckets.toReversed()) {
    if (current === null) {
      current = bucket
      continue
    }
    const both = merged(bucket, current)
    if (isOneMoment(bucket, current) || isLight(both, total, share)) {
      current = both
      continue
    }
    kept.push(current)
    total = plus(total, weightOf(current))
    current = bucket
  }
  if (current !== null) kept.push(current)
  return kept.toReversed()
}
