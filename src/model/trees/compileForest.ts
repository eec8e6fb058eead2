import { depthOf } from './checkEnsemble.ts'
import { type Ensemble, leafRank, type RankInput } from './ensemble.ts'
import type { Forest, ForestNode } from './forest.ts'

type Split = Exclude<ForestNode, { readonly leaf: number }>

const isSplit = (node: ForestNode): node is Split => 'feature' in node

/** Root first, then level by level; the two children of a node stand beside each other. */
const byLevel = (root: ForestNode): readonly ForestNode[] => {
  const nodes = [root]
  for (const node of nodes) if (isSplit(node)) nodes.push(node.left, node.right)
  return nodes
}

const keyOf = ({ feature, missing, missingLeft }: Split): string => `${feature} ${missing} ${missingLeft}`

const inputOf = (splits: readonly [Split, ...Split[]]): RankInput => {
  const [{ feature, missing, missingLeft }] = splits
  // Adding zero makes -0 and 0 one threshold.
  const thresholds = new Set(splits.map((split) => split.threshold + 0))
  return {
    feature,
    missing,
    whenMissing: missingLeft ? 'left' : 'right',
    thresholds: Float64Array.from(thresholds).sort(),
  }
}

const groupByKey = (splits: readonly Split[]): ReadonlyMap<string, readonly [Split, ...Split[]]> => {
  const groups = new Map<string, [Split, ...Split[]]>()
  for (const split of splits) {
    const group = groups.get(keyOf(split))
    if (group === undefined) groups.set(keyOf(split), [split])
    else group.push(split)
  }
  return groups
}

const rankOf = (thresholds: Float64Array): ReadonlyMap<number, number> =>
  new Map(Array.from(thresholds, (threshold, rank) => [threshold, rank]))

/** Thresholds become ranks, trees become arrays. */
export const compileForest = (forest: Forest): Ensemble => {
  const trees = forest.trees.map(byLevel)
  const nodes = trees.flat()
  const groups = groupByKey(nodes.filter(isSplit))
  const inputs = [...groups.values()].map(inputOf)
  const inputAt = new Map([...groups.keys()].map((key, at) => [key, at]))
  const ranks = inputs.map(({ thresholds }) => rankOf(thresholds))

  const left = new Int32Array(nodes.length)
  const input = new Int32Array(nodes.length)
  const rank = new Int32Array(nodes.length).fill(leafRank)
  const value = new Float64Array(nodes.length)
  const roots = new Int32Array(trees.length)
  let first = 0
  trees.forEach((tree, at) => {
    roots[at] = first
    let nextChild = first + 1
    tree.forEach((node, within) => {
      const place = first + within
      if (!isSplit(node)) {
        left[place] = place
        value[place] = node.leaf
        return
      }
      left[place] = nextChild
      nextChild += 2
      input[place] = inputAt.get(keyOf(node))!
      rank[place] = ranks[input[place]!]!.get(node.threshold + 0)!
    })
    first += tree.length
  })
  const { comparison, sum, base, scale } = forest
  return {
    comparison,
    sum,
    base,
    scale,
    inputs,
    roots,
    left,
    input,
    rank,
    value,
    depth: depthOf({ left, roots }),
  }
}
