import type { ForestNode } from '../../model/trees/forest.ts'
import { refuseTooDeep } from './deepest.ts'
import { refuse } from './refuse.ts'
import type { XgboostTree } from './xgboostSchema.ts'

const isCategorical = ({ split_type: types = [], categories_nodes: nodes = [] }: XgboostTree): boolean =>
  nodes.length > 0 || types.some((type) => type !== 0)

/**
 * One tree from the columns of its nodes; nodes that pruning left behind hang nowhere and are dropped.
 * @param weight what the tree counts
 * @param origin names the file and the tree
 * @throws SluiceError MODEL_INVALID
 */
export const readXgboostTree = (
  tree: XgboostTree,
  features: number,
  weight: number,
  origin: string,
): ForestNode => {
  const { left_children: lefts, right_children: rights, split_indices: indices } = tree
  const { split_conditions: conditions, default_left: defaults } = tree
  if (isCategorical(tree))
    refuse(
      origin,
      'splits by category; expected numerical splits only (encode categories as numbers, or one-hot)',
    )
  if (Number(tree.tree_param.size_leaf_vector ?? 1) > 1)
    refuse(origin, 'expected one value a leaf, found a vector')
  if ([rights, indices, conditions, defaults].some((column) => column.length !== lefts.length))
    refuse(origin, `expected ${lefts.length} nodes in every column`)

  let visited = 0
  const nodeAt = (at: number, depth: number): ForestNode => {
    const [left, right, feature, condition] = [lefts[at], rights[at], indices[at], conditions[at]]
    if (left === undefined || right === undefined || feature === undefined || condition === undefined)
      return refuse(origin, `expected nodes 0 to ${lefts.length - 1}, found ${at}`)
    if (++visited > lefts.length) refuse(origin, 'expected a tree, found nodes that are reached twice')
    refuseTooDeep(depth, origin)
    const value = Math.fround(condition)
    if (!Number.isFinite(value)) refuse(origin, `node ${at}: expected a float32, found ${condition}`)
    if (left === -1) return { leaf: Math.fround(value * weight) }
    if (feature < 0 || feature >= features)
      refuse(origin, `node ${at}: expected features 0 to ${features - 1}, found ${feature}`)
    const missingLeft = Boolean(defaults[at])
    return {
      feature,
      threshold: value,
      missing: 'nan',
      missingLeft,
      left: nodeAt(left, depth + 1),
      right: nodeAt(right, depth + 1),
    }
  }
  return nodeAt(0, 0)
}
