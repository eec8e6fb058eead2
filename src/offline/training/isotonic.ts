import type { IsotonicCalibration } from '../../model/manifestCalibration.ts'

type Block = { sum: number; count: number; low: number; high: number }

/** Most points that a manifest should carry; a table of blocks of equal probability rarely has more. */
const mostPoints = 256

/** Blocks of rising probability: neighbours that are in the wrong order become one (pool adjacent violators). */
const pool = (logits: Float64Array, labels: Float64Array): readonly Block[] => {
  const blocks: Block[] = []
  logits.forEach((logit, at) => {
    blocks.push({ sum: labels[at]!, count: 1, low: logit, high: logit })
    for (;;) {
      const [before, last] = [blocks.at(-2), blocks.at(-1)!]
      // Equal outputs must get one probability.
      if (before === undefined) break
      if (before.sum / before.count < last.sum / last.count && before.high < last.low) break
      blocks.pop()
      before.sum += last.sum
      before.count += last.count
      before.high = last.high
    }
  })
  return blocks
}

const thinned = (blocks: readonly Block[]): readonly Block[] =>
  blocks.length <= mostPoints
    ? blocks
    : Array.from(
        { length: mostPoints },
        (_, at) => blocks[Math.round((at * (blocks.length - 1)) / (mostPoints - 1))]!,
      )

/**
 * The rising table that is nearest to the labels in squares (R. Barlow et al., 1972; for calibration B. Zadrozny and
 * C. Elkan, 2002), with straight lines between the middles of its steps. A block's probability is smoothed as Platt's
 * targets are, so that none is 0 or 1.
 */
export const fitIsotonic = (logits: ArrayLike<number>, labels: ArrayLike<number>): IsotonicCalibration => {
  const order = Uint32Array.from({ length: logits.length }, (_, at) => at)
  order.sort((a, b) => logits[a]! - logits[b]!)
  const share = Array.from(labels).reduce((sum, label) => sum + label, 0) / labels.length
  const blocks = pool(
    Float64Array.from(order, (at) => logits[at]!),
    Float64Array.from(order, (at) => labels[at]!),
  )
  let highest = 0
  const points = thinned(blocks).map(({ sum, count, low, high }): readonly [number, number] => {
    highest = Math.max(highest, (sum + share) / (count + 1))
    return [low + (high - low) / 2, highest]
  })
  return { kind: 'isotonic', interpolation: 'linear', points }
}
