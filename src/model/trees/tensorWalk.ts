import * as tf from '@tensorflow/tfjs-core'
import type { Ensemble } from './ensemble.ts'

/** Trees as tensor operations on the TF.js engine of this thread. */
export type TensorWalk = {
  /** @param ranks [rows, inputs] @returns log-odds, [rows] */
  readonly run: (ranks: tf.Tensor2D) => tf.Tensor
  readonly dispose: () => void
}

/**
 * All rows go down all trees together, one level a step: three gathers say at which input and rank each of them looks
 * and what it finds there; a leaf leads to itself. No tensor is broadcast, which WASM does slowly.
 */
export const createTensorWalk = (ensemble: Ensemble): TensorWalk => {
  const { roots, base, scale, depth } = ensemble
  const left = tf.tensor1d(ensemble.left, 'int32')
  const inputOf = tf.tensor1d(ensemble.input, 'int32')
  const rank = tf.tensor1d(Float32Array.from(ensemble.rank), 'float32')
  const value = tf.tensor1d(Float32Array.from(ensemble.value), 'float32')
  const ones = tf.ones([roots.length, 1])
  const [factor, offset] = [tf.scalar(scale), tf.scalar(base)]
  const kept = [left, inputOf, rank, value, ones, factor, offset]

  return {
    run: (ranks) => {
      const [rows, columns] = ranks.shape
      const cells = rows * roots.length
      const flat = tf.reshape(ranks, [rows * columns])
      const firstInput = Int32Array.from(
        { length: cells },
        (_, cell) => Math.floor(cell / roots.length) * columns,
      )
      const rowStart = tf.tensor1d(firstInput, 'int32')
      const start = Int32Array.from({ length: cells }, (_, cell) => roots[cell % roots.length]!)
      let node: tf.Tensor1D = tf.tensor1d(start, 'int32')
      for (let level = 0; level < depth; level++) {
        const found = tf.gather(flat, tf.add<tf.Tensor1D>(rowStart, tf.gather(inputOf, node)))
        const goesRight = tf.cast(tf.greater(found, tf.gather(rank, node)), 'int32')
        node = tf.add(tf.gather(left, node), goesRight)
      }
      const leaves = tf.reshape(tf.gather(value, node), [rows, roots.length])
      return tf.add(tf.mul(tf.reshape(tf.matMul(leaves, ones), [rows]), factor), offset)
    },
    dispose: () => tf.dispose(kept),
  }
}
