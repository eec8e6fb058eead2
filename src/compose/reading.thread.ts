import { parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '../model/refusal.ts'
import { SluiceError } from '../errors.ts'
import { readBundle, type ReadBundle, type ReadOrder } from './readBundle.ts'

/** What the thread answers: the bundle, or what is wrong with it. */
export type ReadAnswer =
  { readonly read: ReadBundle } | { readonly code: SluiceError['code'] | null; readonly message: string }

const answer = async (order: ReadOrder): Promise<ReadAnswer> => {
  try {
    return { read: await readBundle(order) }
  } catch (error) {
    return { code: error instanceof SluiceError ? error.code : null, message: messageOf(error) }
  }
}

parentPort?.postMessage(await answer(workerData as ReadOrder))
