import type { ForestNode } from '../../model/trees/forest.ts'
import { countOf, numbersOf, type Section } from './lightgbmText.ts'
import { refuseTooDeep } from './deepest.ts'
import { refuse } from './refuse.ts'

/** Bits of `decision_type`. */
const categoricalBit = 1
const defaultLeftBit = 2
const missingTypes = ['none', 'zero', 'nan'] as const

type Missing = { readonly missing: 'nan' | 'nan-or-zero'; readonly missingLeft: boolean }

/** Where missing values are of no type, NaN is read as 0. */
const missingOf = (decision: number, threshold: number, origin: string): Missing => {
  if ((decision & categoricalBit) !== 0)
    refuse(
      origin,
      'splits by category; expected numerical splits only (encode categories as numbers, or one-hot)',
    )
  const defaultLeft = (decision & defaultLeftBit) !== 0
  const type =
    missingTypes[decision >> 2] ?? refuse(origin, `expected a decision_type below 12, found ${decision}`)
  if (type === 'none') return { missing: 'nan', missingLeft: 0 <= threshold }
  return { missing: type === 'zero' ? 'nan-or-zero' : 'nan', missingLeft: defaultLeft }
}

/**
 * One tree. A child below zero is leaf `-1 - child`.
 * @param origin names the file and the tree
 * @throws SluiceError MODEL_INVALID
 */
export const readLightgbmTree = (tree: Section, features: number, origin: string): ForestNode => {
  if (Number(tree.get('is_linear') ?? 0) !== 0)
    refuse(origin, 'has linear models in its leaves; expected constant leaves (linear_tree=false)')
  if (Number(tree.get('num_cat') ?? 0) !== 0)
    refuse(
      origin,
      'splits by category; expected numerical splits only (encode categories as numbers, or one-hot)',
    )
  const leafCount = countOf(tree, 'num_leaves', origin)
  const leaves = numbersOf(tree, 'leaf_value', leafCount, origin)
  if (!leaves.every(Number.isFinite)) refuse(origin, 'leaf_value: expected finite numbers')
  if (leafCount === 1) return { leaf: leaves[0]! }

  const inner = leafCount - 1
  const column = (key: string): readonly number[] => numbersOf(tree, key, inner, origin)
  const [splits, thresholds, decisions] = [
    column('split_feature'),
    column('threshold'),
    column('decision_type'),
  ]
  const [lefts, rights] = [column('left_child'), column('right_child')]
  let visited = 0
  const childAt = (child: number, depth: number): ForestNode => {
    if (child >= 0) return nodeAt(child, depth)
    const leaf = leaves[-1 - child]
    return leaf === undefined
      ? refuse(origin, `expected ${leafCount} leaves, found leaf ${-1 - child}`)
      : { leaf }
  }
  const nodeAt = (at: number, depth: number): ForestNode => {
    const [feature, threshold, decision, left, right] = [
      splits[at],
      thresholds[at],
      decisions[at],
      lefts[at],
      rights[at],
    ]
    if (
      feature === undefined ||
      threshold === undefined ||
      decision === undefined ||
      left === undefined ||
      right === undefined
    )
      return refuse(origin, `expected nodes 0 to ${inner - 1}, found ${at}`)
    if (++visited > inner) refuse(origin, 'expected a tree, found nodes that are reached twice')
    refuseTooDeep(depth, origin)
    if (!Number.isInteger(feature) || feature < 0 || feature >= features)
      refuse(origin, `node ${at}: expected features 0 to ${features - 1}, found ${feature}`)
    const missing = missingOf(decision, threshold, `${origin}, node ${at}`)
    return {
      feature,
      threshold,
      ...missing,
      left: childAt(left, depth + 1),
      right: childAt(right, depth + 1),
    }
  }
  return nodeAt(0, 0)
}
