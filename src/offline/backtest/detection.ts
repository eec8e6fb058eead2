import type { Outcome } from '../../domain/outcome.ts'
import { averagePrecision, operatingPoint } from '../metrics/rankMetrics.ts'
import { rank } from '../metrics/ranking.ts'
import type { ScenarioName } from '../simulator/simEvent.ts'
import type { Backtested } from './backtest.ts'

/** How well a number puts frauds first: the whole order, and with one good payment in a hundred stopped. */
export type Separation = { readonly averagePrecision: number; readonly recallAtOnePercent: number }

export type Detection = {
  readonly payments: number
  readonly frauds: number
  readonly outcomes: Readonly<Record<Outcome, number>>
  /** Frauds with STEP_UP or BLOCK. */
  readonly fraudsStopped: number
  readonly goodStopped: number
  /** Share of frauds, and of good payments, that the whole policy stops. */
  readonly fraudShareStopped: number
  readonly goodShareStopped: number
  readonly byScenario: Readonly<
    Partial<Record<ScenarioName, { readonly frauds: number; readonly stopped: number }>>
  >
  /** The model's probability by itself. */
  readonly model: Separation
  /** What anybody could do without any of this. */
  readonly amountAlone: Separation
}

export type DetectionTally = {
  readonly add: (backtested: Backtested) => void
  readonly count: () => number
  /** @throws RangeError if a payment could not be scored */
  readonly result: () => Detection
}

const separationOf = (scores: readonly number[], labels: readonly number[]): Separation => {
  const ranking = rank(Float64Array.from(scores), Uint8Array.from(labels))
  return {
    averagePrecision: averagePrecision(ranking),
    recallAtOnePercent: operatingPoint(ranking, 0.01).recall,
  }
}

/** Counts what was stopped, and compares the model with the amount alone. */
export const createDetectionTally = (): DetectionTally => {
  const probabilities: number[] = []
  const amounts: number[] = []
  const labels: number[] = []
  const outcomes: Record<Outcome, number> = { ALLOW: 0, STEP_UP: 0, BLOCK: 0 }
  const byScenario: Partial<Record<ScenarioName, { frauds: number; stopped: number }>> = {}
  let fraudsStopped = 0
  let goodStopped = 0
  let frauds = 0

  return {
    add: ({ assessed, truth }) => {
      const stopped = assessed.outcome === 'ALLOW' ? 0 : 1
      outcomes[assessed.outcome] += 1
      probabilities.push(assessed.probability)
      amounts.push(assessed.payment.amountMinor)
      labels.push(truth.fraud ? 1 : 0)
      if (!truth.fraud) {
        goodStopped += stopped
        return
      }
      frauds += 1
      fraudsStopped += stopped
      if (truth.scenario === null) return
      const scenario = (byScenario[truth.scenario] ??= { frauds: 0, stopped: 0 })
      scenario.frauds += 1
      scenario.stopped += stopped
    },
    count: () => labels.length,
    result: () => ({
      payments: labels.length,
      frauds,
      outcomes,
      fraudsStopped,
      goodStopped,
      fraudShareStopped: fraudsStopped / frauds,
      goodShareStopped: goodStopped / (labels.length - frauds),
      byScenario,
      model: separationOf(probabilities, labels),
      amountAlone: separationOf(amounts, labels),
    }),
  }
}
