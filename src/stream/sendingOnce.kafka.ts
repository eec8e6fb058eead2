import type { Message, Producer, ProducerBatch, RecordMetadata, TopicMessages } from 'kafkajs'
import { SluiceError } from '../errors.ts'
import { takenTwice } from './taken.ts'

type Sender = Pick<Producer, 'sendBatch'>

/**
 * How a transaction sends, against three faults of the idempotent producer of kafkajs 2.2.4.
 * - With concurrent sends it loses acknowledged records when a connection is cut: here one goes after the other.
 * - Where one send goes to several brokers and one of them fails, it tries again while the others have not answered, and
 *   sends them the same once more, numbered anew, so that they cannot know it: here each topic goes by itself, and of it
 *   each partition that messages name, so that these go to one broker at a time. Messages that name none may go to several.
 * - It notes which brokers have answered, not which partitions were taken. Where a leader moves between two of its tries,
 *   what one broker took goes to the other as well: here the send fails, and with it the transaction.
 */
export const sendingOnce = (transaction: Sender): Sender => {
  let before: Promise<unknown> = Promise.resolve()
  const inParts = async ({ topicMessages = [], ...how }: ProducerBatch): Promise<RecordMetadata[]> => {
    const all: RecordMetadata[] = []
    for (const each of topicMessages.flatMap(byPartition))
      all.push(...refuseTwice(await transaction.sendBatch({ ...how, topicMessages: [each] })))
    return all
  }
  return {
    sendBatch: (batch) => {
      const sent = before.then(() => inParts(batch))
      before = sent.catch(() => undefined)
      return sent
    },
  }
}

const byPartition = ({ topic, messages }: TopicMessages): readonly TopicMessages[] => {
  const parts = new Map<number | undefined, Message[]>()
  for (const message of messages) {
    const part = parts.get(message.partition)
    if (part === undefined) parts.set(message.partition, [message])
    else part.push(message)
  }
  return [...parts.values()].map((part) => ({ topic, messages: part }))
}

const refuseTwice = (sent: RecordMetadata[]): RecordMetadata[] => {
  const twice = takenTwice(sent)
  if (twice !== null)
    throw new SluiceError(
      'KAFKA_UNAVAILABLE',
      `partition ${twice.partition} of ${twice.topicName} has taken the same messages twice, as its leader moved`,
      { retriable: true },
    )
  return sent
}
