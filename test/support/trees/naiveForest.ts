import type { Forest, ForestNode } from '../../../src/model/trees/forest.ts'

const float32 = (value: number): number => Float32Array.of(value)[0]!
/** As LightGBM's C++ says it: 1e-35f. */
const lightgbmZero = float32(1e-35)

const goesLeft = (forest: Forest, node: Exclude<ForestNode, { leaf: number }>, raw: number): boolean => {
  if (forest.comparison === 'below-float32')
    return Number.isNaN(raw) ? node.missingLeft : float32(raw) < node.threshold
  const isZero = Math.abs(raw) <= lightgbmZero
  if (Number.isNaN(raw) || (isZero && node.missing === 'nan-or-zero')) return node.missingLeft
  return (isZero ? 0 : raw) <= node.threshold
}

const leafOf = (forest: Forest, node: ForestNode, row: ArrayLike<number>): number => {
  if ('leaf' in node) return node.leaf
  return leafOf(forest, goesLeft(forest, node, row[node.feature]!) ? node.left : node.right, row)
}

/** Log-odds: one node at a time, compared as the library compares, in double precision throughout. */
export const naiveLogOdds = (forest: Forest, row: ArrayLike<number>): number =>
  forest.base + forest.scale * forest.trees.reduce((sum, tree) => sum + leafOf(forest, tree, row), 0)
