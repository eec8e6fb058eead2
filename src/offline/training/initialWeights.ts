import type { Rng } from '../simulator/rng.ts'

/** One dense layer: `kernel` is row-major, inputs by units. */
export type DenseWeights = {
  readonly inputs: number
  readonly units: number
  readonly kernel: Float32Array
  readonly bias: Float32Array
}

/**
 * Normal with variance 2 / inputs, for relu (K. He et al., "Delving deep into rectifiers", 2015); biases 0,
 * but for the output's.
 */
export const initialWeights = (
  sizes: readonly number[],
  rng: Rng,
  outputBias: number,
): readonly DenseWeights[] =>
  sizes.slice(1).map((units, at) => {
    const inputs = sizes[at]!
    const deviation = Math.sqrt(2 / inputs)
    return {
      inputs,
      units,
      kernel: Float32Array.from({ length: inputs * units }, () => rng.normal() * deviation),
      bias: new Float32Array(units).fill(at === sizes.length - 2 ? outputBias : 0),
    }
  })
