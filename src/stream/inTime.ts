import { SluiceError } from '../errors.ts'
import { within } from '../within.ts'

/**
 * What Kafka does not settle in time is given up by whoever waits for it; it may settle later all the same.
 * @param what was waited for, as in "the watermarks were not told"
 * @throws SluiceError KAFKA_UNAVAILABLE (retriable) that says how long was waited
 */
export const inTime = async <T>(waiting: Promise<T>, timeoutMs: number, what: string): Promise<T> => {
  const settled = await within(
    waiting.then((value) => ({ value })),
    timeoutMs,
  )
  if (settled !== 'late') return settled.value
  throw new SluiceError('KAFKA_UNAVAILABLE', `${what} within ${timeoutMs} ms`, { retriable: true })
}
