import * as tf from '@tensorflow/tfjs-core'
import { layers as kinds, sequential } from '@tensorflow/tfjs-layers'
import type { DenseWeights } from './initialWeights.ts'

/** The files of a TF.js LayersModel. */
export type ModelFiles = { readonly modelJson: string; readonly weights: Uint8Array }

/** The trained network in the form that TF.js loads: model.json and one file of weights. */
export const toLayersModel = async (weights: readonly DenseWeights[]): Promise<ModelFiles> => {
  const last = weights.length - 1
  const model = sequential({
    name: 'network',
    layers: weights.map(({ inputs, units }, at) =>
      kinds.dense({
        name: at === last ? 'logit' : `hidden_${at + 1}`,
        units,
        activation: at === last ? 'linear' : 'relu',
        // Replaced at once by the trained weights.
        kernelInitializer: 'zeros',
        ...(at === 0 ? { inputShape: [inputs] } : {}),
      }),
    ),
  })
  const tensors = weights.flatMap(({ inputs, units, kernel, bias }) => [
    tf.tensor2d(kernel, [inputs, units]),
    tf.tensor1d(bias),
  ])
  model.setWeights(tensors)
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
    for (const tensor of tensors) tensor.dispose()
    model.dispose()
  }
}
