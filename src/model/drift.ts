import type { Baseline, Distribution } from './baseline.ts'
import type { Counted, DriftWindow } from './driftCounts.ts'
import { psi } from './psi.ts'

/**
 * Below so many known values there is no PSI: where nothing has changed it is about (bins - 1) / values all the same,
 * which at 500 values and ten bins is 0.02.
 */
export const leastCount = 500

/** How far one feature, or the score, is from where it was in training. */
export type Drift = {
  /** A feature of the model, or `score`. */
  readonly name: string
  /** Over known values; NaN where there are fewer than `leastCount` of them or nothing to compare with. */
  readonly psi: number
  /** All values in the window. */
  readonly count: number
  /** NaN where the window is empty. */
  readonly unknownShare: number
  /** NaN for the score: a model that gave no score is not in its baseline. */
  readonly baselineUnknownShare: number
  /** PSI of known against not known: the same limit holds for it. NaN below `leastCount` values. */
  readonly unknownPsi: number
}

const sumOf = (bins: ArrayLike<number>): number => {
  let sum = 0
  for (let at = 0; at < bins.length; at++) sum += bins[at]!
  return sum
}

const driftOf = (
  name: string,
  { edges, shares }: Distribution,
  baselineUnknownShare: number,
  { bins, unknown }: Counted,
): Drift => {
  const known = sumOf(bins)
  const count = known + unknown
  const unknownShare = count === 0 ? NaN : unknown / count
  const compared = known >= leastCount && edges.length > 0
  return {
    name,
    psi: compared
      ? psi(
          Float64Array.from(bins, (n) => n / known),
          shares,
        )
      : NaN,
    count,
    unknownShare,
    baselineUnknownShare,
    unknownPsi:
      count < leastCount
        ? NaN
        : psi([unknownShare, 1 - unknownShare], [baselineUnknownShare, 1 - baselineUnknownShare]),
  }
}

/** The score first, then the features of the baseline. */
export const measureDrift = (baseline: Baseline, window: DriftWindow): readonly Drift[] => [
  driftOf('score', baseline.score, NaN, window.score),
  ...[...window.features].flatMap(([name, counted]) => {
    const feature = baseline.features[name]
    return feature === undefined ? [] : [driftOf(name, feature, feature.unknownShare, counted)]
  }),
]

/** Those of which the values, or the share of unknown ones, moved beyond the limit. NaN is never beyond it. */
export const drifted = (drifts: readonly Drift[], limit: number): readonly Drift[] =>
  drifts.filter((drift) => drift.psi > limit || drift.unknownPsi > limit)

/** In words, for `/health`. */
export const driftText = ({
  psi: moved,
  unknownPsi,
  unknownShare,
  baselineUnknownShare,
  count,
}: Drift): string => {
  const parts = [
    Number.isNaN(moved) ? 'PSI not known' : `PSI ${moved.toFixed(3)}`,
    ...(unknownPsi > 0.01
      ? [
          `${(unknownShare * 100).toFixed(1)} % not known, ${(baselineUnknownShare * 100).toFixed(1)} % in training`,
        ]
      : []),
    `${count} payments`,
  ]
  return parts.join(', ')
}
