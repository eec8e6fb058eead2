import type { Kafka } from 'kafkajs'
import { fetchEnds } from './topicEnds.kafka.ts'
import { openPartitions } from './partitions.kafka.ts'
import type { RawRecord } from './record.ts'

export type FollowDeps = {
  readonly kafka: Kafka
  /** Of one partition. */
  readonly topic: string
  /** Of this follower alone. */
  readonly groupId: string
  readonly take: (records: readonly RawRecord[]) => void
  /** What ends the following for good. */
  readonly onCrash: (error: Error) => void
}

/** Leaves nothing behind in Kafka. */
export type Follower = { readonly close: () => Promise<void> }

/** Reads a topic from its beginning and goes on. Resolves when all that it held has been taken. */
export const followTopic = async (deps: FollowDeps): Promise<Follower> => {
  const { kafka, topic, groupId } = deps
  const admin = kafka.admin()
  await admin.connect()
  const [bounds] = await fetchEnds(admin, topic)
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 500, allowAutoTopicCreation: false })
  const { readers, close } = await openPartitions(consumer, [
    { topic, partition: 0, start: Number(bounds?.low ?? 0) },
  ])
  const [reader] = readers
  let closed = false
  const readUntil = async (end: number): Promise<void> => {
    for (;;) {
      const records = (await reader?.read(end)) ?? []
      if (records.length === 0 || closed) return
      deps.take(records)
    }
  }
  await readUntil(Number(bounds?.high ?? 0))
  // Pends for as long as there is something to wait for.
  void readUntil(Infinity).catch((error: unknown) => {
    if (!closed) deps.onCrash(error instanceof Error ? error : new Error(String(error)))
  })
  return {
    close: async () => {
      closed = true
      await close()
      try {
        await admin.deleteGroups([groupId])
      } finally {
        await admin.disconnect()
      }
    },
  }
}
