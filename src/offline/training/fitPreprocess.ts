import type { ManifestFeature } from '../../model/manifest.ts'
import type { StandardiseFeature } from '../../model/manifestFeature.ts'
import type { Example } from './dataset.ts'
import { deviation, mean, quantile, skewness, sortedFinite } from './quantile.ts'

/** Outer shares that are clipped: a single absurd value must not move the network. */
const outerShare = 0.001
/** Below this share of unknown values an indicator would be an input that was never trained. */
const leastMissingShare = 0.001
/** A long tail: the logarithm is taken if it makes the values less skewed. */
const longTail = 1

const signedLog1p = (x: number): number => Math.sign(x) * Math.log1p(Math.abs(x))

const six = (value: number): number => Number(value.toPrecision(6))

const prefersLog = (known: Float64Array, [low, high]: readonly [number, number]): boolean => {
  const clipped = known.map((value) => Math.min(high, Math.max(low, value)))
  const skew = skewness(clipped)
  return skew > longTail && Math.abs(skewness(clipped.map(signedLog1p))) < skew
}

/** Learns how one feature becomes an input, from the training part alone. */
export const fitFeature = (name: string, values: readonly number[]): StandardiseFeature => {
  const known = sortedFinite(values)
  const missingShare = 1 - known.length / values.length
  if (known.length === 0) return { name, mean: 0, scale: 1, whenMissing: 0, missingIndicator: false }

  const extremes = [known[0]!, known.at(-1)!] as const
  const outer = [quantile(known, outerShare), quantile(known, 1 - outerShare)] as const
  const log1p = prefersLog(known, outer)
  // A logarithm tames the tail itself; and a flag rarer than the outer share must not be clipped away.
  const [low, high] = log1p || outer[0] === outer[1] ? extremes : outer
  const clipped = known.map((value) => Math.min(high, Math.max(low, value)))
  const inputs = log1p ? clipped.map(signedLog1p) : clipped
  const scale = deviation(inputs)
  return {
    name,
    ...(low < high ? { clip: [six(low), six(high)] as const } : {}),
    ...(log1p ? { log1p } : {}),
    mean: six(mean(inputs)),
    scale: scale > 0 ? six(scale) : 1,
    whenMissing: six(quantile(known, 0.5)),
    missingIndicator: missingShare >= leastMissingShare,
  }
}

/** The value in the middle, unknown values counted at neither end; null where most are unknown. */
export const baselineOf = (values: readonly number[]): number | null => {
  const known = sortedFinite(values)
  return known.length * 2 < values.length ? null : six(quantile(known, 0.5))
}

/** The same for all features of the examples' rows, in their order. */
export const fitFeatures = (
  names: readonly string[],
  training: readonly Example[],
): readonly ManifestFeature[] =>
  names.map((name, at) =>
    fitFeature(
      name,
      training.map(({ row }) => row[at]!),
    ),
  )
