import { type Baseline, binOf, type Distribution } from './baseline.ts'

/** Bins of a distribution: enough to see a shift, few enough to be filled by some hundred payments. */
const bins = 10

/** The next double above: what is larger than all that was seen gets a bin of its own, though an empty one. */
const justAbove = (value: number): number => {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value === 0 ? 0 : value)
  bits.setBigInt64(0, bits.getBigInt64(0) + (value >= 0 ? 1n : -1n))
  return bits.getFloat64(0)
}

/**
 * Quantiles that are values themselves, each once and none at the smallest value, so that no bin is empty. Where all
 * values are equal, the bin of that value lies between two empty ones, so that any other value is seen as a shift.
 */
const edgesOf = (sorted: Float64Array): readonly number[] => {
  const smallest = sorted[0]
  const largest = sorted.at(-1)
  if (smallest === undefined || largest === undefined) return []
  if (smallest === largest) return [smallest, justAbove(smallest)].filter(Number.isFinite)
  const cuts = Array.from(
    { length: bins - 1 },
    (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / bins)]!,
  )
  const inner = [...new Set(cuts)].filter((edge) => edge > smallest)
  // One rare value above all the others: nine of ten quantiles may be the smallest value.
  return inner.length > 0 ? inner : [sorted.find((value) => value > smallest)!]
}

/** Of finite values: an edge at infinity cannot be written as JSON. */
const distributionOf = (known: Float64Array): Distribution => {
  const edges = edgesOf(known.toSorted())
  const counts = Array.from({ length: edges.length + 1 }, () => 0)
  for (const value of known) counts[binOf(value, edges)]! += 1
  // Without any known value there is nothing to compare with: one bin, no edge.
  return { edges, shares: known.length === 0 ? [1] : counts.map((count) => count / known.length) }
}

/**
 * The baseline of a manifest, from the rows that a model was trained on.
 * @param rows raw features in the order of `names`, NaN where not known
 * @param scores calibrated probabilities; best of rows that the model was not fitted to
 */
export const fitBaseline = (
  rows: readonly ArrayLike<number>[],
  names: readonly string[],
  scores: ArrayLike<number>,
): Baseline => ({
  score: distributionOf(Float64Array.from(scores).filter(Number.isFinite)),
  features: Object.fromEntries(
    names.map((name, at) => {
      const values = Float64Array.from(rows, (row) => row[at] ?? NaN)
      const unknown = values.filter(Number.isNaN).length
      const unknownShare = values.length === 0 ? 0 : unknown / values.length
      return [name, { ...distributionOf(values.filter(Number.isFinite)), unknownShare }]
    }),
  ),
})
