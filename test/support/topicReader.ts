import type { Kafka, KafkaMessage } from 'kafkajs'
import { ownName } from './shared.ts'

export type TopicReader = { readonly close: () => Promise<void> }

/** Hands over each record of a topic, from its beginning on; an error of the reader or of `take` goes to `onCrash`. */
export const readTopic = async (
  kafka: Kafka,
  topic: string,
  take: (message: KafkaMessage) => void,
  onCrash: (error: Error) => void,
): Promise<TopicReader> => {
  const consumer = kafka.consumer({ groupId: ownName('reader'), maxWaitTimeInMs: 50, retry: { retries: 0 } })
  consumer.on(consumer.events.CRASH, ({ payload }) => onCrash(payload.error))
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    eachBatchAutoResolve: true,
    eachBatch: ({ batch }) => {
      batch.messages.forEach(take)
      return Promise.resolve()
    },
  })
  return { close: () => consumer.disconnect() }
}
