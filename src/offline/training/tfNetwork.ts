import * as tf from '@tensorflow/tfjs-core'
import type { DenseWeights } from './networkWeights.ts'

/** Kernel and bias of each layer as tensors that training changes. */
export type TfLayer = { readonly kernel: tf.Variable<tf.Rank.R2>; readonly bias: tf.Variable<tf.Rank.R1> }

export const toVariables = (weights: readonly DenseWeights[]): readonly TfLayer[] =>
  weights.map(({ inputs, units, kernel, bias }) => ({
    kernel: tf.tidy(() => tf.variable(tf.tensor2d(kernel, [inputs, units]))),
    bias: tf.tidy(() => tf.variable(tf.tensor1d(bias))),
  }))

/** A copy of the weights as they are now. */
export const toWeights = (layers: readonly TfLayer[]): readonly DenseWeights[] =>
  layers.map(({ kernel, bias }, at) => ({
    inputs: kernel.shape[0],
    units: kernel.shape[1],
    activation: at === layers.length - 1 ? 'linear' : 'relu',
    kernel: Float32Array.from(kernel.dataSync()),
    bias: Float32Array.from(bias.dataSync()),
  }))

/** Logits, one a row: relu between the layers, nothing after the last. */
export const logitsOf = (layers: readonly TfLayer[], input: tf.Tensor2D): tf.Tensor1D =>
  tf.tidy(() => {
    const last = layers.length - 1
    const output = layers.reduce((values, { kernel, bias }, at) => {
      const sums = tf.add(tf.matMul(values, kernel), bias) as tf.Tensor2D
      return at === last ? sums : tf.relu(sums)
    }, input)
    return tf.reshape(output, [-1]) as tf.Tensor1D
  })

export const disposeLayers = (layers: readonly TfLayer[]): void => {
  for (const { kernel, bias } of layers) {
    kernel.dispose()
    bias.dispose()
  }
}
