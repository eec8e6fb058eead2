/** One bucket of a Prometheus histogram: how many were at most `le` (seconds). */
export type Bucket = { readonly le: number; readonly count: number }

const bucketLine = /^([a-z_]+)_bucket\{(?:.*,)?le="([^"]+)"\} (\S+)$/

/** The buckets of one histogram without other labels, from the text of `/metrics`, in their order. */
export const bucketsOf = (metrics: string, name: string): readonly Bucket[] =>
  metrics.split('\n').flatMap((line) => {
    const [, found, le, count] = bucketLine.exec(line) ?? []
    return found === name ? [{ le: le === '+Inf' ? Infinity : Number(le), count: Number(count) }] : []
  })

export type Quantile = {
  /** Interpolated; null where nothing was counted, or it lies beyond the last limit. */
  readonly value: number | null
  /** Limits of the bucket that it lies in. */
  readonly from: number
  readonly to: number
}

/** As Prometheus's `histogram_quantile`: what is counted in a bucket is taken to be spread evenly over it. */
export const quantileOf = (buckets: readonly Bucket[], share: number): Quantile => {
  const total = buckets.at(-1)?.count ?? 0
  const rank = share * total
  const at = buckets.findIndex(({ count }) => count >= rank)
  const bucket = buckets[at]
  if (total === 0 || bucket === undefined) return { value: null, from: 0, to: Infinity }
  const before = at === 0 ? { le: 0, count: 0 } : (buckets[at - 1] ?? bucket)
  const from = before.le
  const to = bucket.le
  if (to === Infinity) return { value: null, from, to }
  return { value: from + ((to - from) * (rank - before.count)) / (bucket.count - before.count), from, to }
}

/** The processor's own part: from a payment's arrival in the consumer to its hand-over to the producer; seconds. */
export type OwnPart = { readonly p50: Quantile; readonly p99: Quantile; readonly p999: Quantile }

/** @param metrics the text of `/metrics` */
export const ownPartOf = (metrics: string): OwnPart => {
  const buckets = bucketsOf(metrics, 'sluice_own_part_seconds')
  return { p50: quantileOf(buckets, 0.5), p99: quantileOf(buckets, 0.99), p999: quantileOf(buckets, 0.999) }
}
