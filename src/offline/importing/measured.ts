import type { Manifest } from '../../model/manifest.ts'
import { brierScore } from '../metrics/brier.ts'
import { areaUnderRoc, averagePrecision, operatingPoint } from '../metrics/rankMetrics.ts'
import { rank } from '../metrics/ranking.ts'

/** Shares of good payments stopped for which a threshold is written down. */
const goodStoppedShares = [0.001, 0.003, 0.01]

/** What a model did on labelled payments. */
export const measuredOn = (
  probabilities: Float64Array,
  labels: readonly (0 | 1)[],
): Pick<Manifest, 'metrics' | 'thresholds'> => {
  const ranking = rank(probabilities, labels)
  return {
    metrics: {
      rows: labels.length,
      frauds: ranking.fraudCount,
      areaUnderRoc: areaUnderRoc(ranking),
      averagePrecision: averagePrecision(ranking),
      brierScore: brierScore(probabilities, labels),
    },
    thresholds: goodStoppedShares.map((goodStoppedShare) => {
      const { score, recall } = operatingPoint(ranking, goodStoppedShare)
      return { goodStoppedShare, probability: Math.min(1, score), recall }
    }),
  }
}
