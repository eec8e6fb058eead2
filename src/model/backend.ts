import { SluiceError } from '../errors.ts'
import type { NetworkFiles } from './network.ts'
import type { Strictness } from './engine.ts'
import type { BackendName, Pin } from './pin.ts'

/** A network on a backend, in the one thread that made it. Synchronous; not re-entrant. */
export type Network = {
  /**
   * @param input row-major, at least `rows * columns` values
   * @returns one output a row, in a fresh array
   */
  readonly predict: (input: Float32Array, rows: number, columns: number) => Float32Array
  readonly dispose: () => void
}

/**
 * An engine that runs networks. TF.js has one engine a thread: opening another one in the same thread
 * takes the place of the first, whose networks then refuse to predict.
 */
export type Backend = {
  readonly name: BackendName
  readonly version: string
  readonly load: (network: NetworkFiles) => Promise<Network>
  /** Tensors alive in this thread, for leak checks. */
  readonly tensorCount: () => number
}

/** Each engine is imported only when it is asked for: tfjs-node alone brings 300 MB of native code. */
const openers: Readonly<Record<BackendName, () => Promise<Backend>>> = {
  wasm: async () => (await import('./backend.wasm.ts')).openWasm(),
  'tfjs-node': async () => (await import('./backend.tfjsNode.ts')).openTfjsNode(),
  cpu: async () => (await import('./backend.cpu.ts')).openCpu(),
  trees: async () => (await import('./backend.trees.ts')).openTrees(),
}

/** @throws SluiceError BACKEND_UNAVAILABLE if it cannot run on this machine */
export const openBackend = async (name: BackendName): Promise<Backend> => {
  try {
    return await openers[name]()
  } catch (cause) {
    throw new SluiceError('BACKEND_UNAVAILABLE', `backend ${name} cannot run here`, { cause })
  }
}

/** @throws SluiceError BACKEND_UNAVAILABLE unless this machine has exactly the pinned engine */
export const openPinned = async (pin: Pin): Promise<Backend> => {
  const backend = await openBackend(pin.backend)
  if (backend.version === pin.version) return backend
  throw new SluiceError(
    'BACKEND_UNAVAILABLE',
    `the model is pinned to ${pin.backend} ${pin.version}, here is ${backend.version}`,
  )
}

/** How the engine of a pin is opened. */
export const openerFor = (strictness: Strictness): ((pin: Pin) => Promise<Backend>) =>
  strictness === 'as pinned' ? openPinned : ({ backend }) => openBackend(backend)
