import * as tf from '@tensorflow/tfjs-core'

export type LossOptions = { readonly fraudWeight: number; readonly focalGamma: number }

/**
 * Mean weighted cross-entropy on logits; with gamma above 0 focal loss, which counts a row by (1 - p_t)^gamma
 * (T.-Y. Lin et al., "Focal loss for dense object detection", 2017).
 */
export const lossOf = (
  logits: tf.Tensor1D,
  labels: tf.Tensor1D,
  { fraudWeight, focalGamma }: LossOptions,
): tf.Scalar =>
  tf.tidy(() => {
    // max(z, 0) - z y + ln(1 + e^-|z|): does not overflow.
    const entropy = tf.add(
      tf.sub(tf.relu(logits), tf.mul(logits, labels)),
      tf.log1p(tf.exp(tf.neg(tf.abs(logits)))),
    )
    const weights = tf.add(1, tf.mul(labels, fraudWeight - 1))
    const weighted = tf.mul(entropy, weights)
    if (focalGamma === 0) return tf.mean(weighted) as tf.Scalar
    // e^-entropy is the probability given to the true class.
    const focus = tf.pow(tf.sub(1, tf.exp(tf.neg(entropy))), focalGamma)
    return tf.mean(tf.mul(weighted, focus)) as tf.Scalar
  })
