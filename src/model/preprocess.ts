import type { ManifestFeature } from './manifest.ts'

/** Turns raw rows into inputs of the network, without allocating. */
export type Preprocess = {
  /** Inputs of the network: one a feature, then one for each missing indicator, both in manifest order. */
  readonly columns: number
  /**
   * @param row raw values; `positions[i]` of it is feature i of the manifest; NaN is "not known"
   * @param into at least `columns` values from `offset` on are written
   */
  readonly write: (row: ArrayLike<number>, into: Float32Array, offset: number) => void
}

/** sign(x) ln(1 + |x|): a logarithm that also takes values below zero. */
const signedLog1p = (x: number): number => (x < 0 ? -Math.log1p(-x) : Math.log1p(x))

type Column = {
  readonly low: number
  readonly high: number
  readonly log: boolean
  readonly mean: number
  readonly scale: number
  readonly whenMissing: number
}

const slotOf = (raw: number, column: Column): number => {
  // NaN fails both comparisons and is replaced by the caller.
  const clipped = raw < column.low ? column.low : raw > column.high ? column.high : raw
  return ((column.log ? signedLog1p(clipped) : clipped) - column.mean) / column.scale
}

const columnOf = (feature: ManifestFeature): Column => ({
  low: feature.clip?.[0] ?? -Infinity,
  high: feature.clip?.[1] ?? Infinity,
  log: feature.log1p ?? false,
  mean: feature.mean,
  scale: feature.scale,
  whenMissing: feature.whenMissing,
})

/** Compiled once a model: `positions` says where in a row each feature of the manifest stands. */
export const compilePreprocess = (
  features: readonly ManifestFeature[],
  positions: readonly number[],
): Preprocess => {
  const count = features.length
  const position = Int32Array.from(positions)
  const columns = features.map(columnOf)
  const missingSlot = Float64Array.from(columns, (column) => slotOf(column.whenMissing, column))
  let width = count
  const indicator = Int32Array.from(features, (feature) => (feature.missingIndicator ? width++ : -1))
  return {
    columns: width,
    write: (row, into, offset) => {
      for (let at = 0; at < count; at++) {
        const raw = row[position[at]!]!
        const missing = raw !== raw
        into[offset + at] = missing ? missingSlot[at]! : slotOf(raw, columns[at]!)
        if (indicator[at]! >= 0) into[offset + indicator[at]!] = missing ? 1 : 0
      }
    },
  }
}
