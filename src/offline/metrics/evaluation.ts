import { brierScore } from './brier.ts'
import { cardPrecision, type ScoredPayment } from './cardPrecision.ts'
import { areaUnderRoc, averagePrecision, recallAtFalsePositiveRate } from './rankMetrics.ts'
import { rank } from './ranking.ts'

/** All that `sluice evaluate` says of a set of scores. */
export type Evaluation = {
  readonly rows: number
  readonly frauds: number
  readonly areaUnderRoc: number
  readonly averagePrecision: number
  /** Share of frauds found while at most this share of good payments is stopped. */
  readonly recallAtFalsePositiveRate: Readonly<Record<'0.001' | '0.003' | '0.01', number>>
  /** Null where a score is not a probability. */
  readonly brierScore: number | null
  readonly cardPrecisionAt100: number
}

/** @throws RangeError if a score is NaN */
export const evaluate = (payments: readonly ScoredPayment[]): Evaluation => {
  const scores = Float64Array.from(payments, (payment) => payment.score)
  const labels = Uint8Array.from(payments, (payment) => (payment.fraud ? 1 : 0))
  const ranking = rank(scores, labels)
  return {
    rows: payments.length,
    frauds: ranking.fraudCount,
    areaUnderRoc: areaUnderRoc(ranking),
    averagePrecision: averagePrecision(ranking),
    recallAtFalsePositiveRate: {
      '0.001': recallAtFalsePositiveRate(ranking, 0.001),
      '0.003': recallAtFalsePositiveRate(ranking, 0.003),
      '0.01': recallAtFalsePositiveRate(ranking, 0.01),
    },
    brierScore: scores.every((score) => score >= 0 && score <= 1) ? brierScore(scores, labels) : null,
    cardPrecisionAt100: cardPrecision(payments, 100),
  }
}
