/** As Keras names them; hardSigmoid is x / 5 + 1/2, cut at 0 and 1. */
export type Activation = 'relu' | 'hardSigmoid' | 'linear'

/** One dense layer: `kernel` is row-major, inputs by units. */
export type DenseWeights = {
  readonly inputs: number
  readonly units: number
  readonly activation: Activation
  readonly kernel: Float32Array
  readonly bias: Float32Array
}

/** A whole network: what all members look at, then the members, whose logits are averaged. */
export type NetworkWeights = {
  /** Null where the members look at the preprocessed features themselves. */
  readonly ramps: DenseWeights | null
  readonly members: readonly (readonly DenseWeights[])[]
}
