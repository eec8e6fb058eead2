import { findBackend } from '@tensorflow/tfjs-core'
import { version } from '@tensorflow/tfjs-node'
import type { Backend } from './backend.ts'
import { openTfjs } from './backend.tfjs.ts'

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

/**
 * TF.js on libtensorflow. The number of its threads is set by TF_NUM_INTRAOP_THREADS in the environment,
 * which the library reads when it is loaded.
 */
export const openTfjsNode = (): Promise<Backend> =>
  openTfjs('tfjs-node', 'tensorflow', `${version['tfjs-node']}+libtensorflow.${nativeVersion()}`)
