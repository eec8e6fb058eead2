import type { Kafka } from 'kafkajs'
import { metadataMaxAgeMs } from './client.kafka.ts'
import { toRawRecord } from './messages.ts'
import type { RawRecord } from './record.ts'
import { fetchEnds } from './topicEnds.kafka.ts'

export type LatestDeps = {
  readonly kafka: Kafka
  readonly topic: string
  /** A group of this reader's own. It commits nothing, so the broker forgets it with its last member. */
  readonly groupId: string
  readonly take: (record: RawRecord) => void
  readonly onCrash: (error: Error) => void
}

/** How long a broker holds a fetch that has nothing: a new record comes at once. */
const maxWaitTimeInMs = 100

/**
 * Hands over every record that a topic gets from now on. Resolves when nothing that is sent afterwards can be missed:
 * the ends are asked first, and reading goes on from them after each rebalance.
 */
export const readLatest = async ({
  kafka,
  topic,
  groupId,
  take,
  onCrash,
}: LatestDeps): Promise<{ readonly close: () => Promise<void> }> => {
  const admin = kafka.admin()
  await admin.connect()
  const positions = new Map<number, string>()
  try {
    for (const { partition, high } of await fetchEnds(admin, topic)) positions.set(partition, high)
  } finally {
    await admin.disconnect()
  }
  const consumer = kafka.consumer({
    groupId,
    maxWaitTimeInMs,
    metadataMaxAge: metadataMaxAgeMs,
    allowAutoTopicCreation: false,
  })
  let joined: () => void = () => undefined
  let failed: (error: Error) => void = () => undefined
  const ready = new Promise<void>((resolve, reject) => ([joined, failed] = [resolve, reject]))
  // Awaited below, when the consumer runs.
  ready.catch(() => undefined)
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    // A partition that is new since the start is read from its beginning.
    for (const partition of payload.memberAssignment[topic] ?? [])
      consumer.seek({ topic, partition, offset: positions.get(partition) ?? '0' })
    joined()
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (payload.restart) return
    failed(payload.error)
    onCrash(payload.error)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: false })
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: ({ batch, resolveOffset, isStale }) => {
      if (isStale()) return Promise.resolve()
      for (const message of batch.messages) take(toRawRecord(topic, batch.partition, message, 0))
      resolveOffset(batch.lastOffset())
      positions.set(batch.partition, String(Number(batch.lastOffset()) + 1))
      return Promise.resolve()
    },
  })
  await ready
  return {
    close: () => consumer.disconnect(),
  }
}
