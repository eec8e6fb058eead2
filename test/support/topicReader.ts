import type { Kafka, KafkaMessage } from 'kafkajs'
import { ownName } from './shared.ts'

export type TopicReader = { readonly close: () => Promise<void> }

/**
 * Hands over each record of a topic once, from its beginning on; what stops that for good goes to `onCrash`. Commits
 * nothing: after a rebalance it begins again, and passes over what it had.
 */
export const readTopic = async (
  kafka: Kafka,
  topic: string,
  take: (message: KafkaMessage) => void,
  onCrash: (error: Error) => void,
): Promise<TopicReader> => {
  const consumer = kafka.consumer({ groupId: ownName('reader'), maxWaitTimeInMs: 50 })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) onCrash(payload.error)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  const next = new Map<number, bigint>()
  await consumer.run({
    autoCommit: false,
    eachMessage: ({ partition, message }) => {
      const offset = BigInt(message.offset)
      if (offset < (next.get(partition) ?? 0n)) return Promise.resolve()
      next.set(partition, offset + 1n)
      try {
        take(message)
      } catch (error) {
        onCrash(error instanceof Error ? error : new Error(String(error)))
      }
      return Promise.resolve()
    },
  })
  return { close: () => consumer.disconnect() }
}
