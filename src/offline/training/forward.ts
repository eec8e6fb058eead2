import type { Activation, DenseWeights, NetworkWeights } from './networkWeights.ts'

const activate: Readonly<Record<Activation, (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  hardSigmoid: (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5)),
}

const through = (values: readonly number[], layer: DenseWeights): readonly number[] => {
  const { units, kernel, bias, activation } = layer
  return Array.from({ length: units }, (_, unit) => {
    let sum = bias[unit]!
    for (let at = 0; at < values.length; at++) sum += values[at]! * kernel[at * units + unit]!
    return activate[activation](sum)
  })
}

/**
 * What the network gives for one input, in plain loops and double precision. Slow and obvious: golden
 * vectors come from here, so that no backend vouches for itself.
 */
export const forward = ({ ramps, members }: NetworkWeights, input: Float32Array): number => {
  const seen = ramps === null ? Array.from(input) : through(Array.from(input), ramps)
  const logits = members.map((layers) => layers.reduce(through, seen)[0]!)
  return logits.reduce((sum, logit) => sum + logit, 0) / logits.length
}
