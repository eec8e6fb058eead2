import type { Kafka, KafkaMessage } from 'kafkajs'
import { ownName } from './shared.ts'

export type TopicReader = { readonly close: () => Promise<void> }

/** Hands over each record of a topic, from its beginning on; what stops that for good goes to `onCrash`. */
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
  await consumer.run({
    eachMessage: ({ message }) => {
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
