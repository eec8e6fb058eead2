import * as tfjsNode from '@tensorflow/tfjs-node'
import type { Backend } from './backend.ts'
import { openTfjs } from './backend.tfjs.ts'

/** The native library is a part of the version: scores differ between its releases. */
const nativeVersion = (): string => {
  const backend: unknown = tfjsNode.backend()
  const binding =
    typeof backend === 'object' && backend !== null && 'binding' in backend ? backend.binding : null
  if (typeof binding === 'object' && binding !== null && 'TF_Version' in binding)
    return String(binding.TF_Version)
  return 'unknown'
}

/**
 * TF.js on libtensorflow. The number of its threads is set by TF_NUM_INTRAOP_THREADS in the environment,
 * which the library reads when it is loaded.
 */
export const openTfjsNode = async (): Promise<Backend> => {
  await tfjsNode.ready()
  return openTfjs(
    'tfjs-node',
    'tensorflow',
    `${tfjsNode.version['tfjs-node']}+libtensorflow.${nativeVersion()}`,
  )
}
