import * as tf from '@tensorflow/tfjs-core'

/** Adam with weight decay apart from the gradient (I. Loshchilov, F. Hutter, 2019); TF.js has Adam only. */
export type AdamW = {
  /** Moves every variable against its gradient; `decayed` says which of them shrink. */
  readonly step: (gradients: readonly tf.Tensor[], learningRate: number) => void
  readonly dispose: () => void
}

const beta1 = 0.9
const beta2 = 0.999
const epsilon = 1e-7

export const createAdamW = (
  variables: readonly tf.Variable[],
  decayed: (variable: tf.Variable) => boolean,
  weightDecay: number,
): AdamW => {
  const state = variables.map((variable) => ({
    variable,
    decay: decayed(variable) ? weightDecay : 0,
    first: tf.tidy(() => tf.variable(tf.zerosLike(variable), false)),
    second: tf.tidy(() => tf.variable(tf.zerosLike(variable), false)),
  }))
  let steps = 0

  return {
    step: (gradients, learningRate) => {
      steps++
      const rate = (learningRate * Math.sqrt(1 - beta2 ** steps)) / (1 - beta1 ** steps)
      tf.tidy(() => {
        state.forEach(({ variable, decay, first, second }, at) => {
          const gradient = gradients[at]!
          first.assign(tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1)))
          second.assign(tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2)))
          const move = tf.mul(tf.div(first, tf.add(tf.sqrt(second), epsilon)), rate)
          const kept = decay === 0 ? variable : tf.mul(variable, 1 - learningRate * decay)
          variable.assign(tf.sub(kept, move))
        })
      })
    },
    dispose: () => {
      for (const { first, second } of state) {
        first.dispose()
        second.dispose()
      }
    },
  }
}
