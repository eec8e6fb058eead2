import type { Admin } from 'kafkajs'
import { SluiceError } from '../errors.ts'
import { isRetriable } from './isRetriable.ts'

export type AskTopics = Pick<Admin, 'listTopics' | 'fetchTopicMetadata'>

const tries = 200
const pauseMs = 50

/**
 * A broker hears of a new topic a moment after the controller has made it, and of who leads it a moment later. kafkajs
 * waits for a leader, and fails where the topic itself is not known yet.
 * @throws SluiceError KAFKA_UNAVAILABLE after ten seconds
 */
export const untilKnown = async (admin: AskTopics, names: readonly string[]): Promise<void> => {
  for (let left = tries; ; left--) {
    const unknown = await unknownOf(admin, names)
    if (unknown === null) return
    if (left === 0)
      throw new SluiceError('KAFKA_UNAVAILABLE', 'topics were created and no broker knows them yet', {
        cause: unknown,
        retriable: true,
      })
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** null: the broker asked knows them all, and a leader of each partition. Asking for one it does not list could create it. */
const unknownOf = async (admin: AskTopics, names: readonly string[]): Promise<Error | null> => {
  const listed = new Set(await admin.listTopics())
  const unlisted = names.filter((name) => !listed.has(name))
  if (unlisted.length > 0) return new Error(`not listed: ${unlisted.join(', ')}`)
  try {
    await admin.fetchTopicMetadata({ topics: [...names] })
    return null
  } catch (error) {
    if (isRetriable(error)) return error
    throw error
  }
}
