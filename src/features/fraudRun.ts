import { amountsAt, idHighAt, idLowAt, newestAt, positionsAt, timesAt } from './columns.ts'
import type { History } from './history.ts'
import type { RunOf } from './noteMeasures.ts'
import { isKnownFraud, type Sight, type Span } from './notes.ts'
import { isUnusualForPayer } from './payersOwn.ts'

export type FraudRun = {
  /** Time of the latest payment in the span that is not known to be fraud; -Infinity: there is none. */
  readonly other: number
  /** Payments in the span after it, all of them known to be fraud. NaN where the run may go back into what is folded. */
  readonly frauds: number
  /** Time of the first of them, and their lowest and highest amount; not finite without any. */
  readonly from: number
  readonly min: number
  readonly max: number
  /** Whether any of it stands on a comparison with payments of the whole span, and whether one of those has no rate. */
  readonly compared: boolean
  readonly lacksRate: boolean
}

/** A payment by its number in the history. */
export type RunFraud = { readonly index: number; readonly at: number; readonly amount: number }

const unknown: FraudRun = {
  other: NaN,
  frauds: NaN,
  from: NaN,
  min: NaN,
  max: NaN,
  compared: false,
  lacksRate: false,
}

/** Of the frauds after the latest payment that is none, those which count. */
const summary = (other: number, run: readonly RunFraud[]): FraudRun => ({
  other,
  frauds: run.length,
  from: Math.min(...run.map(({ at }) => at)),
  min: Math.min(...run.map(({ amount }) => amount)),
  max: Math.max(...run.map(({ amount }) => amount)),
  compared: false,
  lacksRate: false,
})

/**
 * Which payments are fraud is told by their labels, so nothing can be said where labels or payments of the span are
 * folded: unless all that is folded is older than the payment with which the run ends.
 */
export const fraudRun = (
  history: History,
  sight: Sight,
  { start, end }: Span,
  labelsFolded: boolean,
  runOf: RunOf,
): FraudRun => {
  if (labelsFolded) return unknown
  const { doubles, words, capacity, notes, folded } = history
  const [times, newest, positions] = [timesAt(capacity), newestAt(capacity), positionsAt(capacity)]
  const [low, high] = [idLowAt(capacity), idHighAt(capacity)]
  const amounts = amountsAt(capacity)
  const frauds: RunFraud[] = []
  let other = -Infinity
  for (let index = history.payments - 1; index >= 0; index--) {
    if ((doubles[newest + index] ?? 0) <= Math.max(start, other)) break
    const at = doubles[times + index] ?? 0
    if (at <= Math.max(start, other) || at > end || (words[positions + index] ?? 0) >= sight.before) continue
    if (isKnownFraud(notes, words[low + index] ?? 0, words[high + index] ?? 0, sight))
      frauds.push({ index, at, amount: doubles[amounts + index] ?? 0 })
    else other = at
  }
  if (folded !== null && folded.paidUntil > Math.max(start, other)) return unknown
  const run = frauds.filter(({ at }) => at > other)
  if (runOf === 'all' || run.length === 0) return summary(other, run)
  if (folded !== null && folded.paidUntil > start) return unknown
  const judged = run.map((fraud) => ({ ...fraud, unusual: isUnusualForPayer(history, sight, start, fraud) }))
  const usual = judged.filter(({ unusual }) => unusual === false)
  const lacksRate = judged.some(({ unusual }) => unusual === null)
  return { ...summary(other, usual), compared: true, lacksRate }
}
