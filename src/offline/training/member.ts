import * as tf from '@tensorflow/tfjs-core'
import { createRng, type Rng } from '../simulator/rng.ts'
import { createAdamW } from './adamW.ts'
import { initialWeights } from './initialWeights.ts'
import type { Inputs } from './inputs.ts'
import { lossOf } from './loss.ts'
import type { DenseWeights } from './networkWeights.ts'
import type { TrainingSpec } from './spec.ts'
import { disposeLayers, logitsOf, toVariables, toWeights, type TfLayer } from './tfNetwork.ts'

/** One network of an ensemble while it is trained, on the TF.js engine of this thread. */
export type Member = {
  /** Goes once over the rows in a new order of its own. @returns the mean loss */
  readonly trainEpoch: (epoch: number) => number
  readonly predict: (inputs: Inputs) => Float32Array
  readonly weights: () => readonly DenseWeights[]
  readonly dispose: () => void
}

const predictRows = 4096

const shuffle = (order: Uint32Array, rng: Rng): void => {
  for (let at = order.length - 1; at > 0; at--) {
    const other = rng.below(at + 1)
    const held = order[at]!
    order[at] = order[other]!
    order[other] = held
  }
}

const predict = (layers: readonly TfLayer[], { columns, values, labels }: Inputs): Float32Array => {
  const logits = new Float32Array(labels.length)
  for (let from = 0; from < labels.length; from += predictRows) {
    const rows = Math.min(predictRows, labels.length - from)
    const part = tf.tidy(() =>
      logitsOf(
        layers,
        tf.tensor2d(values.subarray(from * columns, (from + rows) * columns), [rows, columns]),
      ),
    )
    logits.set(part.dataSync(), from)
    part.dispose()
  }
  return logits
}

/** What a network that looks at nothing should give: a start there saves it from unlearning a half. */
const logOddsOf = (labels: Float32Array, fraudWeight: number): number => {
  const frauds = labels.reduce((sum, label) => sum + label, 0)
  return Math.log((frauds * fraudWeight) / (labels.length - frauds))
}

/** Half a cosine from the full rate to a hundredth of it (SGDR without restarts, Loshchilov and Hutter, 2017). */
const rateAt = (share: number, highest: number): number =>
  highest * (0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * share)))

/** The same spec, seed, inputs and engine give the same weights. */
export const createMember = (spec: TrainingSpec, seed: number, training: Inputs): Member => {
  const rng = createRng(seed)
  const { columns, values, labels } = training
  const count = labels.length
  const layers = toVariables(
    initialWeights([columns, ...spec.hidden, 1], rng, logOddsOf(labels, spec.fraudWeight)),
  )
  const variables: readonly tf.Variable[] = layers.flatMap(({ kernel, bias }) => [kernel, bias])
  const optimizer = createAdamW(variables, (variable) => variable.rank === 2, spec.weightDecay)
  const order = Uint32Array.from({ length: count }, (_, at) => at)
  const stepsAnEpoch = Math.ceil(count / spec.batchRows)

  const trainBatch = (rows: Uint32Array, learningRate: number): number => {
    const batch = new Float32Array(rows.length * columns)
    const batchLabels = Float32Array.from(rows, (row) => labels[row]!)
    rows.forEach((row, at) => batch.set(values.subarray(row * columns, (row + 1) * columns), at * columns))
    const loss = tf.tidy(() => {
      const input = tf.tensor2d(batch, [rows.length, columns])
      const target = tf.tensor1d(batchLabels)
      const { value, grads } = tf.variableGrads(
        () => lossOf(logitsOf(layers, input), target, spec),
        [...variables],
      )
      optimizer.step(
        variables.map((variable) => grads[variable.name]!),
        learningRate,
      )
      return value
    })
    const [mean] = loss.dataSync()
    loss.dispose()
    return mean! * rows.length
  }

  return {
    trainEpoch: (epoch) => {
      shuffle(order, rng)
      let loss = 0
      for (let step = 0; step < stepsAnEpoch; step++) {
        const rows = order.subarray(step * spec.batchRows, (step + 1) * spec.batchRows)
        const share = (epoch - 1 + step / stepsAnEpoch) / spec.epochs
        loss += trainBatch(rows, rateAt(share, spec.learningRate))
      }
      return loss / count
    },
    predict: (inputs) => predict(layers, inputs),
    weights: () => toWeights(layers),
    dispose: () => {
      optimizer.dispose()
      disposeLayers(layers)
    },
  }
}
