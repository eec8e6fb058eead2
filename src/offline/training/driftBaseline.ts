import { clockFeatures } from '../../features/clockFeatures.ts'
import type { Baseline } from '../../model/baseline.ts'
import { fitBaseline } from '../../model/fitBaseline.ts'

/** `fitBaseline` without what the clock alone gives: drift is measured over an hour, training lasted for weeks. */
export const driftBaseline = (
  rows: readonly ArrayLike<number>[],
  names: readonly string[],
  scores: ArrayLike<number>,
): Baseline => {
  const { score, features } = fitBaseline(rows, names, scores)
  return {
    score,
    features: Object.fromEntries(Object.entries(features).filter(([name]) => !clockFeatures.has(name))),
  }
}
