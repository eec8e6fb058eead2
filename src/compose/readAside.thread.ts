import { SluiceError } from '../errors.ts'
import { startThread } from '../model/startThread.thread.ts'
import type { ReadBundle, ReadOrder } from './readBundle.ts'
import type { ReadAnswer } from './reading.thread.ts'

/** A bundle that takes longer to read is broken. */
const readingMs = 60_000
/** A bundle that needs more memory ends its thread, not the process. */
const resourceLimits = { maxOldGenerationSizeMb: 1_024 }

const bundleIn = (answer: ReadAnswer): ReadBundle => {
  if ('read' in answer) return answer.read
  if (answer.code === null) throw new Error(answer.message)
  throw new SluiceError(answer.code, answer.message)
}

/**
 * `readBundle` in a thread of its own: reading a policy alone takes tens of milliseconds in which no payment would be
 * decided.
 * @throws what `readBundle` throws, and Error where the thread ends without an answer
 */
export const readBundleAside = async (order: ReadOrder): Promise<ReadBundle> => {
  const worker = startThread('reading.thread', import.meta.url, { workerData: order, resourceLimits })
  const timer = setTimeout(() => void worker.terminate(), readingMs)
  try {
    return bundleIn(
      await new Promise<ReadAnswer>((resolve, reject) => {
        worker.once('message', resolve)
        worker.once('error', reject)
        worker.once('exit', (code) => reject(new Error(`the thread that reads bundles ended with ${code}`)))
      }),
    )
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
