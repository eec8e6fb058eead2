import { loadGraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import { SluiceError } from '../errors.ts'
import type { Backend, Network } from './backend.ts'
import type { NetworkFiles } from './network.ts'
import type { TensorEngine } from './pin.ts'
import { createTensorWalk } from './trees/tensorWalk.ts'

type Loaded = {
  readonly run: (input: tf.Tensor2D) => tf.Tensor
  readonly dispose: () => void
}

const isTensor = (output: unknown): output is tf.Tensor => output instanceof tf.Tensor

const single = (output: unknown): tf.Tensor => {
  if (isTensor(output)) return output
  throw new SluiceError('MODEL_INVALID', 'expected a network with a single output')
}

type NetworkFormat = Exclude<NetworkFiles['format'], 'trees'>

const loaders: Readonly<Record<NetworkFormat, (handler: tf.io.IOHandler) => Promise<Loaded>>> = {
  'tfjs-layers': async (handler) => {
    const model = await loadLayersModel(handler)
    return { run: (input) => single(model.apply(input)), dispose: () => model.dispose() }
  },
  'tfjs-graph': async (handler) => {
    const model = await loadGraphModel(handler)
    return { run: (input) => single(model.execute(input)), dispose: () => model.dispose() }
  },
}

/** Makes the TF.js engine of that name the one of this thread. `tfName` is TF.js's own word for it. */
export const openTfjs = async (name: TensorEngine, tfName: string, version: string): Promise<Backend> => {
  if (!(await tf.setBackend(tfName)))
    throw new SluiceError('BACKEND_UNAVAILABLE', `TF.js cannot initialise ${tfName}`)
  await tf.ready()

  const networkOf = ({ run, dispose }: Loaded): Network => ({
    predict: (input, rows, columns) => {
      if (tf.getBackend() !== tfName)
        throw new SluiceError(
          'BACKEND_UNAVAILABLE',
          `${name} was replaced by ${tf.getBackend()} in this thread`,
        )
      // The tensor leaves tidy and is read outside: what is made inside is freed with it.
      const output = tf.tidy(() =>
        run(tf.tensor2d(input.subarray(0, rows * columns), [rows, columns], 'float32')),
      )
      try {
        if (output.size !== rows)
          throw new SluiceError(
            'MODEL_INVALID',
            `expected ${rows} outputs, found shape [${output.shape.join(', ')}]`,
          )
        return Float32Array.from(output.dataSync())
      } finally {
        output.dispose()
      }
    },
    dispose,
  })

  return {
    name,
    version,
    load: async (network) => {
      try {
        if (network.format === 'trees') return networkOf(createTensorWalk(network.ensemble))
        return networkOf(await loaders[network.format](tf.io.fromMemory(network.artifacts)))
      } catch (cause) {
        if (cause instanceof SluiceError) throw cause
        throw new SluiceError('MODEL_INVALID', `TF.js cannot load the ${network.format} network`, { cause })
      }
    },
    tensorCount: () => tf.memory().numTensors,
  }
}
