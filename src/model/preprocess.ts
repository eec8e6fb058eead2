import { compileEncoder } from './encode.ts'
import type { ManifestFeature } from './manifest.ts'

/** Turns raw rows into inputs of the network, without allocating. */
export type Preprocess = {
  /** Inputs of the network: those of each feature, then one for each missing indicator, both in manifest order. */
  readonly columns: number
  /** By feature: the inputs that it fills, its indicator last. */
  readonly columnsOf: readonly (readonly number[])[]
  /**
   * @param row raw values; `positions[i]` of it is feature i of the manifest; NaN is "not known"
   * @param into at least `columns` values from `offset` on are written
   */
  readonly write: (row: ArrayLike<number>, into: Float32Array, offset: number) => void
}

const range = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => from + at)

/**
 * Compiled once a model: `positions` says where in a row each feature of the manifest stands.
 * @throws SluiceError MODEL_INVALID for a ranked feature: only the trees know how (inputs.ts)
 */
export const compilePreprocess = (
  features: readonly ManifestFeature[],
  positions: readonly number[],
): Preprocess => {
  const count = features.length
  const position = Int32Array.from(positions)
  const encoders = features.map(compileEncoder)
  let width = 0
  const first = Int32Array.from(encoders, (encoder) => (width += encoder.width) - encoder.width)
  const indicator = Int32Array.from(features, (feature) =>
    feature.kind !== 'ranks' && feature.missingIndicator ? width++ : -1,
  )
  return {
    columns: width,
    columnsOf: encoders.map((encoder, at) => [
      ...range(first[at]!, encoder.width),
      ...(indicator[at]! >= 0 ? [indicator[at]!] : []),
    ]),
    write: (row, into, offset) => {
      for (let at = 0; at < count; at++) {
        const raw = row[position[at]!]!
        const missing = raw !== raw
        if (missing) into.set(encoders[at]!.missing, offset + first[at]!)
        else encoders[at]!.write(raw, into, offset + first[at]!)
        if (indicator[at]! >= 0) into[offset + indicator[at]!] = missing ? 1 : 0
      }
    },
  }
}
