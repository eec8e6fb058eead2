import type { Admin } from 'kafkajs'
import { isRetriable } from './isRetriable.ts'

type Ends = Awaited<ReturnType<Admin['fetchTopicOffsets']>>

const tries = 10
const pauseMs = 200

/** The bounds of each partition. kafkajs does not ask again who leads one, as it has to where a topic is new or a leader moved. */
export const fetchEnds = async (admin: Pick<Admin, 'fetchTopicOffsets'>, topic: string): Promise<Ends> => {
  for (let left = tries; ; left--)
    try {
      return await admin.fetchTopicOffsets(topic)
    } catch (error) {
      if (left === 0 || !isRetriable(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
}
