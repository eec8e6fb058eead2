import type { Rng } from '../simulator/rng.ts'
import type { DenseWeights } from './networkWeights.ts'

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
    const isLast = at === sizes.length - 2
    return {
      inputs,
      units,
      activation: isLast ? 'linear' : 'relu',
      kernel: Float32Array.from({ length: inputs * units }, () => rng.normal() * deviation),
      bias: new Float32Array(units).fill(isLast ? outputBias : 0),
    }
  })
