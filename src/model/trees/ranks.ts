import { countUpTo } from '../piecewise.ts'
import type { Preprocess } from '../preprocess.ts'
import type { Comparison, Ensemble, RankInput } from './ensemble.ts'

type ToRank = (value: number) => number

/** LightGBM's kZeroThreshold: the float32 nearest to 1e-35. */
export const lightgbmZero = Math.fround(1e-35)

const isNearZero = (value: number): boolean => value >= -lightgbmZero && value <= lightgbmZero

const known: Readonly<Record<Comparison, (thresholds: Float64Array) => ToRank>> = {
  'below-float32': (thresholds) => (value) => countUpTo(thresholds, Math.fround(value), false),
  'at-most-float64': (thresholds) => (value) => countUpTo(thresholds, isNearZero(value) ? 0 : value, true),
}

/** Unknown is no value: it ranks below every threshold or above all, as its input says. */
const toRankOf = (comparison: Comparison, { missing, whenMissing, thresholds }: RankInput): ToRank => {
  const rankOf = known[comparison](thresholds)
  const unknown = whenMissing === 'left' ? -1 : thresholds.length
  return missing === 'nan'
    ? (value) => (Number.isNaN(value) ? unknown : rankOf(value))
    : (value) => (Number.isNaN(value) || isNearZero(value) ? unknown : rankOf(value))
}

/** Compiled once a model: `positions` says where in a row each feature of the manifest stands. */
export const compileRanks = (
  { comparison, inputs }: Pick<Ensemble, 'comparison' | 'inputs'>,
  features: number,
  positions: readonly number[],
): Preprocess => {
  const position = Int32Array.from(inputs, ({ feature }) => positions[feature]!)
  const toRank = inputs.map((input) => toRankOf(comparison, input))
  return {
    columns: inputs.length,
    columnsOf: Array.from({ length: features }, (_, feature) =>
      inputs.flatMap((input, at) => (input.feature === feature ? [at] : [])),
    ),
    write: (row, into, offset) => {
      for (let at = 0; at < toRank.length; at++) into[offset + at] = toRank[at]!(row[position[at]!]!)
    },
  }
}
