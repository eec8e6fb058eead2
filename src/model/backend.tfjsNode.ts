import { findBackend } from '@tensorflow/tfjs-core'
import { node, version } from '@tensorflow/tfjs-node'
import { SluiceError } from '../errors.ts'
import type { Backend } from './backend.ts'
import { type LoadSavedModel, openTfjs, single } from './backend.tfjs.ts'
import { withFolder } from './savedModel.file.ts'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** The native library is a part of the version: scores differ between its releases. */
const nativeVersion = (): string => {
  const engine: unknown = findBackend('tensorflow')
  const binding = isObject(engine) ? engine['binding'] : null
  const native = isObject(binding) ? binding['TF_Version'] : null
  if (typeof native === 'string') return native
  throw new Error('tfjs-node does not tell the version of its native library')
}

const loadSavedModel: LoadSavedModel = async (files) => {
  const model = await withFolder(files, (folder) => node.loadSavedModel(folder, ['serve'], 'serving_default'))
  const { inputs, outputs } = model
  if (inputs.length !== 1 || outputs.length !== 1 || inputs[0]?.dtype !== 'float32') {
    model.dispose()
    throw new SluiceError(
      'MODEL_INVALID',
      `expected a signature serving_default with one float32 input and one output, found ${inputs.length} and ${outputs.length}`,
    )
  }
  return { run: (input) => single(model.predict(input)), dispose: () => model.dispose() }
}

/**
 * TF.js on libtensorflow. The number of its threads is set by TF_NUM_INTRAOP_THREADS in the environment,
 * which the library reads when it is loaded.
 */
export const openTfjsNode = (): Promise<Backend> =>
  openTfjs(
    'tfjs-node',
    'tensorflow',
    `${version['tfjs-node']}+libtensorflow.${nativeVersion()}`,
    loadSavedModel,
  )
