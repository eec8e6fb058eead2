/** What a partition holds of what was ever in it. */
export type Extent = {
  readonly topic: string
  readonly partition: number
  /** Its first offset that is still there, and the one from which on it is read. */
  readonly low: number
  readonly start: number
  /** The first record that was read; null where there was none. */
  readonly first: { readonly offset: number; readonly timestamp: number } | null
}

export type Reach = {
  /** Epoch ms from which on the topics are complete. */
  readonly since: number
  /** The partition that does not reach further back; null where none was cut off later than was asked for. */
  readonly limitedBy: { readonly topic: string; readonly partition: number } | null
}

/** Records before the first one that is there have been deleted. */
const isCut = ({ low, start, first }: Extent): boolean =>
  start === low && (low > 0 || (first !== null && first.offset > start))

/** Where nothing is left of a partition, nobody knows until when it had something. */
const beginOf = ({ first }: Extent, now: number): number => first?.timestamp ?? now

/**
 * How far back the topics reach: to `from`, or to where records of one of them begin to be missing. What was before
 * the first payment of all is not known, as little as it was to the processor that met that payment.
 * @param payments the extents of the topic `payments`; `others` those of what is told beside them
 * @param from epoch ms, as `now`
 */
export const reachOf = (
  payments: readonly Extent[],
  others: readonly Extent[],
  from: number,
  now: number,
): Reach => {
  let reach: Reach = { since: from, limitedBy: null }
  for (const extent of [...payments, ...others]) {
    const begin = beginOf(extent, now)
    if (isCut(extent) && begin > reach.since)
      reach = { since: begin, limitedBy: { topic: extent.topic, partition: extent.partition } }
  }
  const isWhole = payments.every(({ low, start }) => low === 0 && start === low)
  const firstPayment = Math.min(now, ...payments.map((extent) => beginOf(extent, now)))
  return isWhole && firstPayment > reach.since ? { since: firstPayment, limitedBy: null } : reach
}
