import { randomUUID } from 'node:crypto'
import { Kafka, logLevel, type KafkaMessage } from 'kafkajs'

export type Reading = { readonly partition: number; readonly message: KafkaMessage }

/**
 * All that a topic holds until each of its partitions has reached the end that it has now; only what is committed.
 * Of each record only what `keep` makes of it stays in memory.
 */
export const readWhole = async <T>(
  brokers: readonly string[],
  topic: string,
  keep: (reading: Reading) => T,
): Promise<readonly T[]> => {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'sluice-checker', logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  const left = new Map(
    (await admin.fetchTopicOffsets(topic))
      .filter(({ low, high }) => Number(high) > Number(low))
      .map(({ partition, high }) => [partition, Number(high)]),
  )
  await admin.disconnect()
  const all: T[] = []
  if (left.size === 0) return all

  const consumer = kafka.consumer({ groupId: `sluice-checker-${randomUUID()}`, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  try {
    await new Promise<void>((resolve, reject) => {
      const reach = (partition: number, lastOffset: string): void => {
        if (Number(lastOffset) + 1 >= (left.get(partition) ?? 0)) left.delete(partition)
        if (left.size === 0) resolve()
      }
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) =>
        reach(payload.partition, payload.lastOffset),
      )
      void consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          for (const message of batch.messages) all.push(keep({ partition: batch.partition, message }))
        },
      })
    })
  } finally {
    await consumer.disconnect()
  }
  return all
}
