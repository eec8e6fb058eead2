import type { Producer, RecordMetadata } from 'kafkajs'
import { SluiceError } from '../errors.ts'
import { takenTwice } from './taken.ts'

type Sender = Pick<Producer, 'sendBatch'>

/**
 * How a transaction sends, against two faults of the idempotent producer of kafkajs 2.2.4; `wholeTries` mends a third.
 * - With concurrent sends it loses acknowledged records when a connection is cut: here one goes after the other.
 * - It notes which brokers have answered, not which partitions were taken. Where a leader moves between two of its tries,
 *   what one broker took goes to the other as well: here the send fails, and with it the transaction.
 */
export const sendingOnce = (transaction: Sender): Sender => {
  let before: Promise<unknown> = Promise.resolve()
  return {
    sendBatch: (batch) => {
      const sent = before.then(async () => refuseTwice(await transaction.sendBatch(batch)))
      before = sent.catch(() => undefined)
      return sent
    },
  }
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
