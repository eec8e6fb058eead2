import type { Network } from '../backend.ts'
import type { Ensemble } from './ensemble.ts'

/**
 * Walks every row down every tree, in plain JavaScript. Tree by tree, so that a tree's nodes stay in the cache while all
 * rows pass; leaves are added in the library's order and precision.
 */
export const createWalk = (ensemble: Ensemble): Network => {
  const { roots, left, input: inputOf, rank, value, base, scale } = ensemble
  const rounded = ensemble.sum === 'float32'

  return {
    predict: (input, rows, columns) => {
      // Ranks are whole numbers: as integers they are compared without a branch to mispredict.
      const ranks = Int32Array.from(input.subarray(0, rows * columns))
      const sums = new Float64Array(rows).fill(rounded ? base : 0)
      for (const root of roots)
        for (let row = 0; row < rows; row++) {
          const offset = row * columns
          let node = root
          let next = left[node]!
          while (next !== node) {
            // 1 where the row's rank is above the node's.
            node = next + ((rank[node]! - ranks[offset + inputOf[node]!]!) >>> 31)
            next = left[node]!
          }
          const sum = sums[row]! + value[node]!
          sums[row] = rounded ? Math.fround(sum) : sum
        }
      return Float32Array.from(sums, (sum) => (rounded ? sum : base + scale * sum))
    },
    dispose: () => undefined,
  }
}
