import * as tf from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers as kinds,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import type { DenseWeights, NetworkWeights } from './networkWeights.ts'

/** The files of a TF.js LayersModel. */
export type ModelFiles = { readonly modelJson: string; readonly weights: Uint8Array }

type Named = { readonly name: string; readonly weights: DenseWeights }

const inputsOf = ({ ramps, members }: NetworkWeights): number => ramps?.inputs ?? members[0]?.[0]?.inputs ?? 0

const namesOf = (member: readonly DenseWeights[], at: number, of: number): readonly Named[] =>
  member.map((weights, layer) => {
    const name = layer === member.length - 1 ? 'logit' : `hidden_${layer + 1}`
    return { name: of === 1 ? name : `member_${at + 1}_${name}`, weights }
  })

const dense = ({ name, weights }: Named) =>
  kinds.dense({
    name,
    units: weights.units,
    activation: weights.activation,
    // Replaced at once by the trained weights.
    kernelInitializer: 'zeros',
  })

const build = (network: NetworkWeights): LayersModel => {
  const { ramps, members } = network
  const entry = input({ shape: [inputsOf(network)], name: 'features' })
  const placed: { readonly layer: ReturnType<typeof dense>; readonly weights: DenseWeights }[] = []
  const through = (from: SymbolicTensor, named: Named): SymbolicTensor => {
    const layer = dense(named)
    placed.push({ layer, weights: named.weights })
    return layer.apply(from) as SymbolicTensor
  }
  const seen = ramps === null ? entry : through(entry, { name: 'ramps', weights: ramps })
  const logits = members.map((member, at) => namesOf(member, at, members.length).reduce(through, seen))
  const output =
    logits.length === 1 ? logits[0]! : (kinds.average({ name: 'logit' }).apply(logits) as SymbolicTensor)
  const model = modelOf({ name: 'network', inputs: entry, outputs: output })
  for (const { layer, weights } of placed) {
    const tensors = [tf.tensor2d(weights.kernel, [weights.inputs, weights.units]), tf.tensor1d(weights.bias)]
    layer.setWeights(tensors)
    for (const tensor of tensors) tensor.dispose()
  }
  return model
}

/** The trained network in the form that TF.js loads: model.json and one file of weights. */
export const toLayersModel = async (network: NetworkWeights): Promise<ModelFiles> => {
  const model = build(network)
  try {
    let files: ModelFiles | null = null
    await model.save(
      tf.io.withSaveHandler((artifacts) => {
        const { modelTopology, weightSpecs, weightData } = artifacts
        if (weightData === undefined || Array.isArray(weightData))
          throw new TypeError('expected weights in one piece')
        const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }]
        files = {
          modelJson: JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }, null, 1),
          weights: new Uint8Array(weightData),
        }
        return Promise.resolve({
          modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const },
        })
      }),
    )
    if (files === null) throw new TypeError('TF.js saved nothing')
    return files
  } finally {
    model.dispose()
  }
}
