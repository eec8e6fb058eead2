import type { Kafka } from 'kafkajs'
import { SluiceError } from '../errors.ts'
import { inTime } from './inTime.ts'
import { openPartitions } from './partitions.kafka.ts'
import type { RawRecord } from './record.ts'
import { fetchEnds } from './topicEnds.kafka.ts'

/** A topic of one partition, from its beginning, as far as it goes whenever it is asked. */
export type WholeTopic = {
  /** What has come since the last call, up to the end that the topic has now. @throws SluiceError KAFKA_UNAVAILABLE */
  readonly catchUp: () => Promise<readonly RawRecord[]>
  /** Leaves nothing behind in Kafka. */
  readonly close: () => Promise<void>
}

const readWithinMs = 30_000

/**
 * Opens a topic to read all of what is committed there.
 * @param groupId of this reader alone
 * @throws SluiceError KAFKA_UNAVAILABLE, and TOPIC_MISMATCH where the topic is missing or has several partitions
 */
export const openWholeTopic = async (kafka: Kafka, topic: string, groupId: string): Promise<WholeTopic> => {
  const admin = kafka.admin()
  const away = (cause: unknown): never => {
    if (cause instanceof SluiceError) throw cause
    throw new SluiceError('KAFKA_UNAVAILABLE', `${topic} cannot be read`, { cause, retriable: true })
  }
  const bounds = async (): Promise<{ readonly low: number; readonly high: number }> => {
    const [only, ...more] = await fetchEnds(admin, topic)
    if (only === undefined || more.length > 0)
      throw new SluiceError('TOPIC_MISMATCH', `${topic}: expected one partition, found ${more.length + 1}`)
    return { low: Number(only.low), high: Number(only.high) }
  }
  const open = async () => {
    const { low } = await bounds()
    const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false })
    return openPartitions(consumer, [{ topic, partition: 0, start: low }])
  }

  await admin.connect().catch(away)
  const { readers, close } = await open().catch(async (error: unknown) => {
    await admin.disconnect()
    return away(error)
  })
  const [reader] = readers
  if (reader === undefined) throw new SluiceError('TOPIC_MISMATCH', `${topic}: expected one partition`)

  const readToEnd = async (): Promise<readonly RawRecord[]> => {
    const { high } = await bounds()
    const all: RawRecord[] = []
    for (;;) {
      const some = await reader.read(high)
      if (some.length === 0) return all
      all.push(...some)
    }
  }
  return {
    catchUp: () => inTime(readToEnd(), readWithinMs, `${topic} was not read to its end`).catch(away),
    close: async () => {
      await close()
      try {
        await admin.deleteGroups([groupId])
      } finally {
        await admin.disconnect()
      }
    },
  }
}
