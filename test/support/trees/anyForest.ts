import fc from 'fast-check'
import { lightgbmZero } from '../../../src/model/trees/ranks.ts'
import type { Forest, ForestNode } from '../../../src/model/trees/forest.ts'

export const featureCount = 3

const float32 = (value: number): number => Float32Array.of(value)[0]!

/** Values that stand close together, so that thresholds meet each other and rows meet thresholds. */
const special = [0, -0, 1, -1, 0.1, 2 ** 24, 2 ** 24 + 1, -(2 ** 24) - 1, lightgbmZero, -lightgbmZero, 1e-36]

const anyThreshold = (comparison: Forest['comparison']): fc.Arbitrary<number> => {
  const raw = fc.oneof(
    fc.constantFrom(...special),
    fc.integer({ min: -4, max: 4 }),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 }),
    ...(comparison === 'at-most-float64' ? [fc.constantFrom(Infinity, -Infinity)] : []),
  )
  return comparison === 'below-float32' ? raw.map(float32) : raw
}

/** Leaves are thousandths: their sums hardly round. */
const anyLeaf = fc.integer({ min: -1000, max: 1000 }).map((leaf) => ({ leaf: float32(leaf / 1000) }))

const anyTree = (comparison: Forest['comparison']): fc.Arbitrary<ForestNode> => {
  const { node } = fc.letrec<{ node: ForestNode }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 6, depthSize: 'medium' },
      anyLeaf,
      fc.record({
        feature: fc.nat(featureCount - 1),
        threshold: anyThreshold(comparison),
        missing: comparison === 'below-float32' ? fc.constant('nan') : fc.constantFrom('nan', 'nan-or-zero'),
        missingLeft: fc.boolean(),
        left: tie('node'),
        right: tie('node'),
      }) as fc.Arbitrary<ForestNode>,
    ),
  }))
  return node
}

const splits = (node: ForestNode): readonly number[] =>
  'leaf' in node ? [] : [node.threshold, ...splits(node.left), ...splits(node.right)]

/** With at least one split. */
export const anyForest: fc.Arbitrary<Forest> = fc
  .constantFrom('below-float32' as const, 'at-most-float64' as const)
  .chain((comparison) =>
    fc.record({
      comparison: fc.constant(comparison),
      sum: fc.constant(comparison === 'below-float32' ? ('float32' as const) : ('float64' as const)),
      base: fc.constantFrom(0, -2.5),
      scale: comparison === 'below-float32' ? fc.constant(1) : fc.constantFrom(1, 1.7, 0.25),
      features: fc.constant(featureCount),
      names: fc.constant([]),
      trees: fc.array(anyTree(comparison), { minLength: 1, maxLength: 6 }),
    }),
  )
  .filter(({ trees }) => trees.some((tree) => 'feature' in tree))

const step = (value: number, up: boolean): number => {
  if (!Number.isFinite(value)) return value
  if (value === 0) return up ? Number.MIN_VALUE : -Number.MIN_VALUE
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 === up ? 1n : -1n))
  return bits.getFloat64(0)
}

/** Rows for a forest: its thresholds, their float64 neighbours on both sides, and everything else. */
export const anyRows = (forest: Forest): fc.Arbitrary<readonly Float64Array[]> => {
  const near = forest.trees.flatMap(splits).flatMap((each) => [each, step(each, true), step(each, false)])
  const value = fc.oneof(
    fc.constantFrom(...near),
    fc.constantFrom(...special, NaN, Infinity, -Infinity),
    fc.double(),
  )
  return fc.array(
    fc.tuple(...Array.from({ length: featureCount }, () => value)).map((row) => Float64Array.from(row)),
    { minLength: 1, maxLength: 20 },
  )
}
