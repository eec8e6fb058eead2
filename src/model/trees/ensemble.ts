/**
 * One input of an ensemble: the rank of a feature's value among the thresholds that are asked of it. Two nodes that
 * send unknown values to different sides read two inputs of the same feature.
 */
export type RankInput = {
  /** Which feature of the manifest. */
  readonly feature: number
  /** What counts as unknown: NaN, or also what LightGBM takes for zero. */
  readonly missing: 'nan' | 'nan-or-zero'
  /** The side to which this input sends what is unknown, whatever the threshold. */
  readonly whenMissing: 'left' | 'right'
  /** Rising; LightGBM has infinite ones. */
  readonly thresholds: Float64Array
}

/**
 * How a value is compared with a threshold.
 * `below-float32` (XGBoost): the value is rounded to float32 and goes left if it is below.
 * `at-most-float64` (LightGBM): it goes left if it is at most the threshold; what is closer to zero than 1e-35 is zero.
 */
export type Comparison = 'below-float32' | 'at-most-float64'

/** Decision trees over ranks, as arrays over nodes: `log-odds = base + scale * sum of the leaves`. */
export type Ensemble = {
  readonly comparison: Comparison
  /** The library's own precision while it adds up leaves, tree after tree. */
  readonly sum: 'float32' | 'float64'
  readonly base: number
  readonly scale: number
  readonly inputs: readonly RankInput[]
  /** First node of each tree. */
  readonly roots: Int32Array
  /** The left child of each node, the right one follows it; a leaf names itself. */
  readonly left: Int32Array
  /** Which input a node looks at; 0 for a leaf. */
  readonly input: Int32Array
  /** What is above it goes right; for a leaf `leafRank`, which nothing is above. */
  readonly rank: Int32Array
  /** What a leaf gives; 0 for a node. */
  readonly value: Float64Array
  /** Steps from a root to the farthest leaf. */
  readonly depth: number
}

/** Larger than any rank, and exact in float32. */
export const leafRank = 1 << 24
