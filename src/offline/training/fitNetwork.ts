import { averagePrecision } from '../metrics/rankMetrics.ts'
import { rank } from '../metrics/ranking.ts'
import type { Inputs } from './inputs.ts'
import { createMember, type Member } from './member.ts'
import type { NetworkWeights } from './networkWeights.ts'
import { fitRamps, rampLayer, throughRamps } from './ramps.ts'
import type { TrainingSpec } from './spec.ts'

export type Epoch = {
  readonly epoch: number
  readonly loss: number
  readonly averagePrecision: number
  readonly best: boolean
}

export type Fit = {
  readonly network: NetworkWeights
  readonly epochs: readonly Epoch[]
  /** After which of them the network was taken. */
  readonly taken: number
  /** Of the validation part, by that network. */
  readonly validationLogits: Float32Array
}

type Best = {
  readonly precision: number
  readonly epoch: number
  readonly members: NetworkWeights['members']
  readonly logits: Float32Array
}

/** Far enough apart that no two specs of neighbouring seeds share a member. */
const seedStep = 1_000_003

const meanOf = (columns: readonly Float32Array[]): Float32Array => {
  const mean = new Float32Array(columns[0]?.length ?? 0)
  for (const column of columns) for (let at = 0; at < mean.length; at++) mean[at]! += column[at]!
  return mean.map((sum) => sum / columns.length)
}

/** What the members are trained on, and what stands before them. */
const seenBy = ({ ramps: most }: TrainingSpec, training: Inputs) => {
  if (most === 0) return { layer: null, training, encode: (inputs: Inputs): Inputs => inputs }
  const ramps = fitRamps(training, most)
  const layer = rampLayer(ramps, training.columns)
  const encode = (inputs: Inputs): Inputs => throughRamps(layer, ramps, inputs)
  return { layer, training: encode(training), encode }
}

const createMembers = (spec: TrainingSpec, training: Inputs): readonly Member[] =>
  Array.from({ length: spec.members }, (_, at) => createMember(spec, spec.seed + at * seedStep, training))

const trainEpoch = (members: readonly Member[], epoch: number): number =>
  members.reduce((sum, member) => sum + member.trainEpoch(epoch), 0) / members.length

/**
 * Trains the members side by side on the TF.js engine of this thread. The same spec, inputs and engine give the same
 * weights. Takes them after the epoch with the highest average precision on the validation part, or after the last
 * one, as the spec says.
 */
export const fitNetwork = (
  spec: TrainingSpec,
  training: Inputs,
  validation: Inputs,
  onEpoch: (epoch: Epoch) => void,
): Fit => {
  const seen = seenBy(spec, training)
  const held = seen.encode(validation)
  const members = createMembers(spec, seen.training)
  const epochs: Epoch[] = []
  let best: Best = { precision: -1, epoch: 0, members: [], logits: new Float32Array(0) }
  try {
    for (let epoch = 1; epoch <= spec.epochs; epoch++) {
      if (spec.take === 'best' && epoch - best.epoch > spec.patience) break
      const loss = trainEpoch(members, epoch)
      const logits = meanOf(members.map((member) => member.predict(held)))
      const precision = averagePrecision(rank(logits, held.labels))
      const better = precision > best.precision || (spec.take === 'last' && epoch === spec.epochs)
      if (better) best = { precision, epoch, members: members.map((member) => member.weights()), logits }
      const done = { epoch, loss, averagePrecision: precision, best: better }
      epochs.push(done)
      onEpoch(done)
    }
  } finally {
    for (const member of members) member.dispose()
  }
  const network = { ramps: seen.layer, members: best.members }
  return { network, epochs, taken: best.epoch, validationLogits: best.logits }
}

/** Trains on all that there is, for as many epochs as were found to be best on a part of it. */
export const refitNetwork = (
  spec: TrainingSpec,
  all: Inputs,
  epochs: number,
  onEpoch: (epoch: number, loss: number) => void,
): NetworkWeights => {
  const seen = seenBy(spec, all)
  const members = createMembers(spec, seen.training)
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) onEpoch(epoch, trainEpoch(members, epoch))
    return { ramps: seen.layer, members: members.map((member) => member.weights()) }
  } finally {
    for (const member of members) member.dispose()
  }
}
