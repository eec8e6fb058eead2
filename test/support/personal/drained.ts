import type { Admin } from 'kafkajs'
import { fetchEnds } from '../../../src/stream/topicEnds.kafka.ts'

/** Whether groups whose name begins so have committed all of each topic: at least one a topic, and each that reads it. */
export const isDrained = async (
  admin: Admin,
  prefix: string,
  topics: readonly string[],
): Promise<boolean> => {
  const { groups } = await admin.listGroups()
  const own = groups.map(({ groupId }) => groupId).filter((groupId) => groupId.startsWith(prefix))
  for (const topic of topics) {
    const ends = await fetchEnds(admin, topic)
    let readers = 0
    for (const groupId of own) {
      const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] })
      const reached = new Map(
        committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]),
      )
      if (![...reached.values()].some((offset) => offset >= 0)) continue
      readers++
      if (
        ends.some(({ partition, low, high }) => low !== high && (reached.get(partition) ?? -1) < Number(high))
      )
        return false
    }
    if (readers === 0) return false
  }
  return true
}
