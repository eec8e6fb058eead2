import type { DenseWeights } from './initialWeights.ts'

/**
 * What the network gives for one input, in plain loops and double precision. Slow and obvious: golden
 * vectors come from here, so that no backend vouches for itself.
 */
export const forward = (layers: readonly DenseWeights[], input: Float32Array): number => {
  let values: readonly number[] = Array.from(input)
  layers.forEach(({ inputs, units, kernel, bias }, layer) => {
    values = Array.from({ length: units }, (_, unit) => {
      let sum = bias[unit]!
      for (let at = 0; at < inputs; at++) sum += values[at]! * kernel[at * units + unit]!
      return layer === layers.length - 1 ? sum : Math.max(0, sum)
    })
  })
  return values[0]!
}
