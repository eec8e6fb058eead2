import type { Ranking } from '../metrics/ranking.ts'
import type { Point } from './svgLines.ts'

/** More than a drawing shows. */
const mostPoints = 400

/** Keeps the ends and every so manieth point between them. */
const thinned = (points: readonly Point[]): readonly Point[] => {
  if (points.length <= mostPoints) return points
  const every = (points.length - 1) / (mostPoints - 1)
  return Array.from({ length: mostPoints }, (_, at) => points[Math.round(at * every)] ?? [NaN, NaN])
}

/** False-positive rate and recall at each distinct score, from nothing stopped to all stopped. */
export const rocCurve = ({ frauds, goods, fraudCount, goodCount }: Ranking): readonly Point[] =>
  thinned([
    [0, 0],
    ...Array.from(frauds, (found, at): Point => [(goods[at] ?? 0) / goodCount, found / fraudCount]),
  ])

/** Recall and precision at each distinct score, from the highest down. */
export const precisionRecallCurve = ({ frauds, goods, fraudCount }: Ranking): readonly Point[] =>
  thinned(Array.from(frauds, (found, at): Point => [found / fraudCount, found / (found + (goods[at] ?? 0))]))

/** A group of payments of like probability, and how many of them were fraud. */
export type CalibrationBin = {
  readonly count: number
  readonly meanProbability: number
  readonly fraudShare: number
}

/**
 * Payments ordered by probability and cut into groups of equal size: bins of equal width would leave most of them
 * nearly empty, as fraud is rare. Equal probabilities stay together.
 */
export const calibrationBins = (
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = 10,
): readonly CalibrationBin[] => {
  const order = Uint32Array.from({ length: probabilities.length }, (_, at) => at)
  order.sort((a, b) => (probabilities[a] ?? NaN) - (probabilities[b] ?? NaN))
  const found: CalibrationBin[] = []
  for (let from = 0; from < order.length;) {
    let to = Math.max(from + 1, Math.round(((found.length + 1) * order.length) / bins))
    while (to < order.length && probabilities[order[to] ?? 0] === probabilities[order[to - 1] ?? 0]) to++
    const rows = order.subarray(from, to)
    found.push({
      count: rows.length,
      meanProbability: rows.reduce((sum, row) => sum + (probabilities[row] ?? NaN), 0) / rows.length,
      fraudShare: rows.reduce((sum, row) => sum + (labels[row] ?? NaN), 0) / rows.length,
    })
    from = to
  }
  return found
}

/** How many values lie in each bin [end, next end); the last bin holds its upper end too. NaN is in none. */
export const histogramOf = (values: ArrayLike<number>, ends: readonly number[]): readonly number[] => {
  const counts = Array.from({ length: Math.max(0, ends.length - 1) }, () => 0)
  const last = counts.length - 1
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? NaN
    const bin = value === ends.at(-1) ? last : ends.findLastIndex((end) => value >= end)
    if (bin >= 0 && bin <= last) counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}

/** The ends of bins of equal width. */
export const evenEnds = (low: number, high: number, bins: number): readonly number[] =>
  Array.from({ length: bins + 1 }, (_, at) => low + ((high - low) * at) / bins)
