import { version_cpu } from '@tensorflow/tfjs-backend-cpu'
import { enableProdMode } from '@tensorflow/tfjs-core'
import type { Backend } from './backend.ts'
import { openTfjs } from './backend.tfjs.ts'

/** TF.js in plain JavaScript: runs anywhere, slow for large networks. */
export const openCpu = (): Promise<Backend> => {
  // Without it the first tensor prints an advertisement for tfjs-node.
  enableProdMode()
  return openTfjs('cpu', 'cpu', version_cpu)
}
