import type { Inputs } from './inputs.ts'
import type { DenseWeights } from './networkWeights.ts'
import { quantile, sortedFinite } from './quantile.ts'

/**
 * A piecewise linear encoding (Y. Gorishniy, I. Rubachev and A. Babenko, "On embeddings for numerical features",
 * 2022): each input becomes several that rise from 0 to 1, one between each two neighbouring thresholds. A network
 * learns steps from it that it could hardly learn from the number itself.
 */
export type Ramps = {
  /** By ramp: which input it looks at, where it begins, and where it ends. */
  readonly columns: Int32Array
  readonly starts: Float64Array
  readonly ends: Float64Array
}

/** A shorter ramp would be a jump in which float32 rounding is seen; inputs are about one deviation wide. */
const leastWidth = 0.01

/** Half of the thresholds are where payments are, half where frauds are: those are few, and elsewhere. */
const thresholdsOf = (
  column: number,
  { columns, values, labels }: Inputs,
  most: number,
): readonly number[] => {
  const rows = Array.from(labels, (_, row) => row)
  const valueAt = (row: number): number => values[row * columns + column]!
  const all = sortedFinite(rows.map(valueAt))
  const frauds = sortedFinite(rows.filter((row) => labels[row] === 1).map(valueAt))
  const half = Math.max(2, Math.ceil((most + 1) / 2))
  const cuts = [all, frauds].flatMap((sorted) =>
    Array.from({ length: half }, (_, at) => quantile(sorted, at / (half - 1))),
  )
  const thresholds: number[] = []
  for (const cut of sortedFinite(cuts))
    if (cut - (thresholds.at(-1) ?? -Infinity) >= leastWidth) thresholds.push(cut)
  return thresholds
}

/** At most `most` + 1 ramps an input; none for an input that never changes. */
export const fitRamps = (training: Inputs, most: number): Ramps => {
  const pieces = Array.from({ length: training.columns }, (_, column) => {
    const thresholds = thresholdsOf(column, training, most)
    return thresholds.slice(1).map((end, at) => ({ column, start: thresholds[at]!, end }))
  }).flat()
  return {
    columns: Int32Array.from(pieces, ({ column }) => column),
    starts: Float64Array.from(pieces, ({ start }) => start),
    ends: Float64Array.from(pieces, ({ end }) => end),
  }
}

/** The ramps as a layer that TF.js runs. */
export const rampLayer = ({ columns, starts, ends }: Ramps, inputs: number): DenseWeights => {
  const units = columns.length
  const kernel = new Float32Array(inputs * units)
  const bias = new Float32Array(units)
  for (let unit = 0; unit < units; unit++) {
    const width = ends[unit]! - starts[unit]!
    kernel[columns[unit]! * units + unit] = 5 / width
    bias[unit] = -(5 * starts[unit]!) / width - 2.5
  }
  return { inputs, units, activation: 'hardSigmoid', kernel, bias }
}

/** What the layer gives for all rows, computed once: most of its kernel is zero. */
export const throughRamps = (layer: DenseWeights, { columns, starts }: Ramps, given: Inputs): Inputs => {
  const { units, kernel, bias } = layer
  const weights = Float32Array.from(starts, (_, unit) => kernel[columns[unit]! * units + unit]!)
  const values = new Float32Array(given.labels.length * units)
  for (let row = 0; row < given.labels.length; row++) {
    for (let unit = 0; unit < units; unit++) {
      const x = given.values[row * given.columns + columns[unit]!]! * weights[unit]! + bias[unit]!
      values[row * units + unit] = Math.min(1, Math.max(0, 0.2 * x + 0.5))
    }
  }
  return { columns: units, values, labels: given.labels }
}
