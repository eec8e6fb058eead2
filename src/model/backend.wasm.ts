import { createRequire } from 'node:module'
import path from 'node:path'
import { setThreadsCount, setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm'
import type { Backend } from './backend.ts'
import { openTfjs } from './backend.tfjs.ts'

/** TF.js on WebAssembly, from the package's own files; one thread, as models here are small. */
export const openWasm = (): Promise<Backend> => {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(path.dirname(entry) + path.sep)
  setThreadsCount(1)
  return openTfjs('wasm', 'wasm', version_wasm)
}
