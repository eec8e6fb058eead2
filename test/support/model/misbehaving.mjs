// To be loaded into a process with `--import`: while the file that MISBEHAVIOUR names says so, the operations of TF.js
// throw or hang, in the first thread (`throw first`) or in the others (`throw others`, `hang others`).
import { readFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import threads from 'node:worker_threads'
import * as tf from '@tensorflow/tfjs-core'

const { Worker, isMainThread } = threads
const place = isMainThread ? 'first' : 'others'
const pollMs = 5
const nobody = new Int32Array(new SharedArrayBuffer(4))
const orders = () => readFileSync(process.env.MISBEHAVIOUR, 'utf8')

const engine = tf.engine()
const { runKernel } = engine
engine.runKernel = function misbehaving(...args) {
  if (orders() === `throw ${place}`) throw new Error('a kernel that was planted')
  while (orders() === `hang ${place}`) Atomics.wait(nobody, 0, 0, pollMs)
  return runKernel.apply(this, args)
}

/** Node does not load what `--import` names into threads whose code is given as text. */
class Planting extends Worker {
  constructor(code, options) {
    super(
      options?.eval === true ? `import(${JSON.stringify(import.meta.url)}).then(() => ${code})` : code,
      options,
    )
  }
}
threads.Worker = Planting
syncBuiltinESMExports()
