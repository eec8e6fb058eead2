import { windowsMs } from './contestant.ts'

/** Buckets of one length: a hash holds so many that lie side by side, so that Redis can let it lapse as a whole. */
export type Resolution = {
  readonly letter: string
  readonly bucketMs: number
  readonly bucketsAHash: number
  readonly hashMs: number
  /** The windows, by their place among all, that are read from these buckets, shortest first. */
  readonly windows: readonly { readonly window: number; readonly buckets: number }[]
}

/** A window is read from the finest buckets of which two neighbouring hashes are sure to hold all. */
const resolution = (letter: string, bucketMs: number, bucketsAHash: number, from: number): Resolution => {
  const hashMs = bucketMs * bucketsAHash
  return {
    letter,
    bucketMs,
    bucketsAHash,
    hashMs,
    windows: windowsMs.flatMap((windowMs, window) =>
      windowMs > from && windowMs <= hashMs ? [{ window, buckets: windowMs / bucketMs }] : [],
    ),
  }
}

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000

export const resolutions: readonly Resolution[] = [
  resolution('m', minuteMs, 60, 0),
  resolution('h', hourMs, 24, hourMs),
  resolution('d', dayMs, 30, dayMs),
]

/** Where a payment goes: which hash of its resolution, and which bucket in it. */
export const bucketOf = (
  { bucketMs, bucketsAHash }: Resolution,
  at: number,
): { readonly hash: number; readonly bucket: number } => {
  const bucket = Math.floor(at / bucketMs)
  return { hash: Math.floor(bucket / bucketsAHash), bucket: bucket % bucketsAHash }
}

export const countField = (bucket: number): string => `c${bucket}`
export const sumField = (bucket: number): string => `s${bucket}`

/** The fields of a hash as Redis gives them, and as they are added to. */
export type Hash = Record<string, string | number>

/** As cheap as it gets: this is measured. */
export const isHash = (reply: unknown): reply is Hash => typeof reply === 'object' && reply !== null

export const addTo = (hash: Hash, bucket: number, count: number, sum: number): void => {
  const [counted, summed] = [countField(bucket), sumField(bucket)]
  hash[counted] = Number(hash[counted] ?? 0) + count
  hash[summed] = Number(hash[summed] ?? 0) + sum
}

/**
 * Writes count and sum of each window of the resolution into `row` from `at` on. A window of n buckets is the one
 * that holds `effectiveAt` and the n - 1 before it: so it is up to a bucket shorter than its name says.
 */
export const readWindows = (
  of: Resolution,
  effectiveAt: number,
  current: Hash,
  previous: Hash,
  row: Float64Array,
  at: number,
): void => {
  const newest = bucketOf(of, effectiveAt).bucket
  const add = (hash: Hash, youngerBuckets: number): void => {
    for (const [field, value] of Object.entries(hash)) {
      const age = newest + youngerBuckets - Number(field.slice(1))
      if (age < 0) continue
      const offset = field.startsWith('c') ? 0 : 1
      for (const { window, buckets } of of.windows) {
        const cell = at + window * 2 + offset
        if (age < buckets) row[cell] = (row[cell] ?? 0) + Number(value)
      }
    }
  }
  add(current, 0)
  add(previous, of.bucketsAHash)
}
