/** What was seen of the payments that one bundle decided. */
export type Conduct = {
  readonly payments: number
  /** Those without a probability. */
  readonly unscored: number
  /** Those with the outcome BLOCK. */
  readonly blocked: number
  /** Seconds in which it decided any payment. */
  readonly seconds: number
  /** Those of them in which too large a share of the payments took longer than the own part may. */
  readonly slowSeconds: number
}

/** What a bundle on probation may not leave. */
export type Bounds = {
  /** Most payments without a probability, as a share. */
  readonly unscoredShare: number
  /** How many times more, or less, than the bundle before it may block. */
  readonly blockFactor: number
}

export const breaches = ['unscored', 'slow', 'blocks_more', 'blocks_less'] as const
export type Breach = (typeof breaches)[number]

/** Of few payments nothing can be said. */
const leastPayments = 200
const leastUnscored = 5
const leastSlowSeconds = 5
/** Share below which blocking more or less often is nobody's harm: a first rule that blocks is no runaway. */
const leastBlockShare = 0.005

/** Standard deviations: a bundle is judged each second, and one that is sound should pass a thousand times. */
const z = 4

type Interval = { readonly low: number; readonly high: number }

/** Wilson's interval of a share: where it may lie, seen `hits` of `total`. */
export const shareBetween = (hits: number, total: number): Interval => {
  if (total === 0) return { low: 0, high: 1 }
  const share = hits / total
  const middle = share + (z * z) / (2 * total)
  const spread = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total))
  const scale = 1 + (z * z) / total
  return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) }
}

const isUnscored = (before: Conduct, now: Conduct, most: number): boolean => {
  if (now.unscored < leastUnscored) return false
  const { low } = shareBetween(now.unscored, now.payments)
  const wasToo = before.payments >= leastPayments ? shareBetween(before.unscored, before.payments).high : 0
  return low > most && low > wasToo
}

/** Whole seconds, not payments: one pause of the machine makes many payments slow, but one second. */
const isSlow = (before: Conduct, now: Conduct): boolean =>
  now.slowSeconds >= leastSlowSeconds &&
  now.slowSeconds * 2 > now.seconds &&
  before.slowSeconds * 2 <= before.seconds

const blocks = (before: Conduct, now: Conduct, factor: number): Breach | null => {
  if (before.payments < leastPayments || now.payments < leastPayments) return null
  const [was, is] = [before, now].map(({ blocked, payments }) => shareBetween(blocked, payments)) as [
    Interval,
    Interval,
  ]
  if (is.low > Math.max(was.high * factor, leastBlockShare)) return 'blocks_more'
  return was.low > leastBlockShare && is.high < was.low / factor ? 'blocks_less' : null
}

/**
 * Whether a bundle left its bounds, beside the one before it; null: not that can be told.
 * @param before of the bundle before, over as long a time at most
 */
export const judgeProbation = (before: Conduct, now: Conduct, bounds: Bounds): Breach | null => {
  if (isUnscored(before, now, bounds.unscoredShare)) return 'unscored'
  if (isSlow(before, now)) return 'slow'
  return blocks(before, now, bounds.blockFactor)
}
