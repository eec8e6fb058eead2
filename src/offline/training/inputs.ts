import type { ManifestFeature } from '../../model/manifest.ts'
import { compilePreprocess } from '../../model/preprocess.ts'
import type { Example } from './dataset.ts'

/** Preprocessed inputs, row-major, and their labels. */
export type Inputs = {
  readonly columns: number
  readonly values: Float32Array
  readonly labels: Float32Array
}

export const inputsOf = (features: readonly ManifestFeature[], examples: readonly Example[]): Inputs => {
  const { columns, write } = compilePreprocess(
    features,
    features.map((_, at) => at),
  )
  const values = new Float32Array(examples.length * columns)
  examples.forEach((example, at) => write(example.row, values, at * columns))
  return { columns, values, labels: Float32Array.from(examples, (example) => example.fraud) }
}
