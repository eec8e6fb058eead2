import { amountsAt, idHighAt, idLowAt, newestAt, positionsAt, timesAt } from './columns.ts'
import type { History } from './history.ts'
import { isKnownFraud, type Sight, type Span } from './notes.ts'

export type FraudRun = {
  /** Time of the latest payment in the span that is not known to be fraud; -Infinity: there is none. */
  readonly other: number
  /** Payments in the span after it, all of them known to be fraud. NaN where the run may go back into what is folded. */
  readonly frauds: number
  /** Time of the first of them, and their lowest and highest amount; not finite without any. */
  readonly from: number
  readonly min: number
  readonly max: number
}

const unknown: FraudRun = { other: NaN, frauds: NaN, from: NaN, min: NaN, max: NaN }

/**
 * Which payments are fraud is told by their labels, so nothing can be said where labels or payments of the span are
 * folded: unless all that is folded is older than the payment with which the run ends.
 */
export const fraudRun = (
  history: History,
  sight: Sight,
  { start, end }: Span,
  labelsFolded: boolean,
): FraudRun => {
  if (labelsFolded) return unknown
  const { doubles, words, capacity, notes, folded } = history
  const [times, newest, positions] = [timesAt(capacity), newestAt(capacity), positionsAt(capacity)]
  const [low, high] = [idLowAt(capacity), idHighAt(capacity)]
  const amounts = amountsAt(capacity)
  const frauds: { readonly at: number; readonly amount: number }[] = []
  let other = -Infinity
  for (let index = history.payments - 1; index >= 0; index--) {
    if ((doubles[newest + index] ?? 0) <= Math.max(start, other)) break
    const at = doubles[times + index] ?? 0
    if (at <= Math.max(start, other) || at > end || (words[positions + index] ?? 0) >= sight.before) continue
    if (isKnownFraud(notes, words[low + index] ?? 0, words[high + index] ?? 0, sight))
      frauds.push({ at, amount: doubles[amounts + index] ?? 0 })
    else other = at
  }
  if (folded !== null && folded.until > Math.max(start, other)) return unknown
  const run = frauds.filter(({ at }) => at > other)
  return {
    other,
    frauds: run.length,
    from: Math.min(...run.map(({ at }) => at)),
    min: Math.min(...run.map(({ amount }) => amount)),
    max: Math.max(...run.map(({ amount }) => amount)),
  }
}
