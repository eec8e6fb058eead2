/**
 * How many good and how many fraudulent payments have at least a score, for every distinct score from the
 * highest down. Payments of equal score are let in together, so their order never changes a metric.
 */
export type Ranking = {
  readonly scores: Float64Array
  /** Frauds at or above the score: true positives. */
  readonly frauds: Float64Array
  /** Good payments at or above the score: false positives. */
  readonly goods: Float64Array
  readonly fraudCount: number
  readonly goodCount: number
}

/**
 * @param scores higher means more likely fraud
 * @param labels 1 for fraud, 0 for good
 * @throws RangeError if the lengths differ or a score is NaN: it has no place in an order
 */
export const rank = (scores: ArrayLike<number>, labels: ArrayLike<number>): Ranking => {
  if (scores.length !== labels.length)
    throw new RangeError(`${scores.length} scores, ${labels.length} labels`)
  const order = Uint32Array.from({ length: scores.length }, (_, at) => at)
  for (const at of order) if (Number.isNaN(scores[at])) throw new RangeError(`score ${at} is not a number`)
  order.sort((a, b) => scores[b]! - scores[a]!)

  const distinct: number[] = []
  const fraudsAt: number[] = []
  const goodsAt: number[] = []
  let frauds = 0
  let goods = 0
  order.forEach((row, at) => {
    if (labels[row] === 1) frauds++
    else goods++
    const next = order[at + 1]
    if (next !== undefined && scores[next] === scores[row]) return
    distinct.push(scores[row]!)
    fraudsAt.push(frauds)
    goodsAt.push(goods)
  })
  return {
    scores: Float64Array.from(distinct),
    frauds: Float64Array.from(fraudsAt),
    goods: Float64Array.from(goodsAt),
    fraudCount: frauds,
    goodCount: goods,
  }
}
