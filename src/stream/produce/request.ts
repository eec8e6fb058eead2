import { putText, sizeOfText } from './bytes.ts'
import { putInt16, putInt32, type Cursor } from './cursor.ts'
import type { Message } from './record.ts'
import { measureBatch, putBatch, type MeasuredBatch, type ProducerMark } from './recordBatch.ts'

/** What kafkajs is asked to produce. */
export type ProduceRequest = {
  readonly acks: number
  readonly timeout: number
  readonly compression?: number
  readonly transactionalId?: string | null
  /** kafkajs has -1 as a number, and what a broker assigned as decimal digits. */
  readonly producerId?: number | string
  readonly producerEpoch?: number
  readonly topicData: readonly TopicData[]
}

type TopicData = { readonly topic: string; readonly partitions: readonly PartitionData[] }

type PartitionData = {
  readonly partition: number
  readonly firstSequence?: number
  readonly messages: readonly Message[]
}

type MeasuredTopic = { readonly topic: string; readonly partitions: readonly MeasuredPartition[] }
type MeasuredPartition = { readonly partition: number; readonly batch: MeasuredBatch }

/** From here on a piece of Node's pool of 8 KiB would not be given anyway. */
const pooledBytes = 4096
/** Beyond this, lengths would not fit their fields. */
const largestBytes = 0x3fff_ffff

/**
 * The body of a Produce request of the versions 3 to 7, which are alike: sizes first, then everything into one buffer.
 * https://kafka.apache.org/protocol#The_Messages_Produce
 * @param now milliseconds since 1970, for messages without a timestamp
 * @returns undefined when something in it cannot be encoded here, compression for one
 */
export const encodeProduce = (asked: ProduceRequest, now: number): Buffer | undefined => {
  if (!isPlain(asked)) return undefined
  const { acks, timeout, transactionalId = null, topicData } = asked
  const topics = topicData.map((data) => measureTopic(data, now))
  const size = sizeOfText(transactionalId) + 2 + 4 + 4 + sum(topics.map(sizeOfTopic))
  if (!(size <= largestBytes)) return undefined

  const cursor: Cursor = { bytes: allocate(size), at: 0 }
  const mark = markOf(asked)
  putText(cursor, transactionalId)
  putInt16(cursor, acks)
  putInt32(cursor, timeout)
  putInt32(cursor, topics.length)
  for (const topic of topics) putTopic(cursor, topic, mark)
  return cursor.bytes
}

const isPlain = ({ acks, timeout, compression = 0, producerEpoch = 0, ...asked }: ProduceRequest): boolean =>
  compression === 0 &&
  isInt(acks, 16) &&
  isInt(timeout, 32) &&
  isInt(producerEpoch, 16) &&
  isProducerId(asked.producerId)

const isInt = (value: number, bits: 16 | 32): boolean =>
  Number.isInteger(value) && value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1)

const isProducerId = (id: number | string | undefined): boolean =>
  id === undefined || (typeof id === 'string' ? /^-?\d{1,15}$/.test(id) : Number.isSafeInteger(id))

const markOf = ({ transactionalId, producerId = -1, producerEpoch = 0 }: ProduceRequest): ProducerMark => ({
  transactional: Boolean(transactionalId),
  producerId: Number(producerId),
  producerEpoch,
})

const measureTopic = ({ topic, partitions }: TopicData, now: number): MeasuredTopic => ({
  topic,
  partitions: partitions.map(({ partition, messages, firstSequence = 0 }) => ({
    partition,
    batch: measureBatch(messages, firstSequence, now),
  })),
})

const sizeOfTopic = ({ topic, partitions }: MeasuredTopic): number =>
  (topic === null ? NaN : sizeOfText(topic)) + 4 + sum(partitions.map(sizeOfPartition))

const sizeOfPartition = ({ partition, batch }: MeasuredPartition): number =>
  isInt(partition, 32) && isInt(batch.firstSequence, 32) ? 4 + 4 + batch.size : NaN

const putTopic = (cursor: Cursor, { topic, partitions }: MeasuredTopic, mark: ProducerMark): void => {
  putText(cursor, topic)
  putInt32(cursor, partitions.length)
  for (const { partition, batch } of partitions) {
    putInt32(cursor, partition)
    putInt32(cursor, batch.size)
    putBatch(cursor, batch, mark)
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

const allocate = (size: number): Buffer =>
  size < pooledBytes ? Buffer.allocUnsafe(size) : Buffer.allocUnsafeSlow(size)
