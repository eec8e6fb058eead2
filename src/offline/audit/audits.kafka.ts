import type { Kafka } from 'kafkajs'
import { SluiceError } from '../../errors.ts'
import type { Audit } from '../../domain/audit.ts'
import { createAuditCodec } from '../../stream/codec/audit.ts'
import type { Schemas } from '../../stream/codec/schemas.ts'
import { openPartitions } from '../../stream/partitions.kafka.ts'

export type AuditTopicDeps = {
  readonly kafka: Kafka
  readonly topic: string
  readonly schemas: Schemas
  /** Of this run alone; deleted afterwards. */
  readonly groupId: string
  /** Epoch milliseconds: records written before it are left out. */
  readonly from: number
}

type Part = { readonly partition: number; readonly start: number; readonly end: number }

const partsOf = async (kafka: Kafka, topic: string, from: number): Promise<readonly Part[]> => {
  const admin = kafka.admin()
  try {
    await admin.connect()
    const [offsets, byTime] = await Promise.all([
      admin.fetchTopicOffsets(topic),
      admin.fetchTopicOffsetsByTimestamp(topic, Math.max(0, from)),
    ])
    const starts = new Map(byTime.map(({ partition, offset }) => [partition, Number(offset)]))
    return offsets.map(({ partition, low, high }) => ({
      partition,
      start: Math.max(Number(low), starts.get(partition) ?? 0),
      end: Number(high),
    }))
  } catch (cause) {
    throw new SluiceError('KAFKA_UNAVAILABLE', `${topic}: its offsets cannot be read`, {
      cause,
      retriable: true,
    })
  } finally {
    await admin.disconnect()
  }
}

/** The audit records that the topic holds now, partition by partition. @throws SluiceError KAFKA_UNAVAILABLE */
export async function* readAuditTopic(deps: AuditTopicDeps): AsyncGenerator<Audit, void, undefined> {
  const { kafka, topic, schemas, groupId } = deps
  const parts = (await partsOf(kafka, topic, deps.from)).filter(({ start, end }) => start < end)
  if (parts.length === 0) return
  const codec = createAuditCodec(schemas)
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false })
  const { readers, close } = await openPartitions(
    consumer,
    parts.map(({ partition, start }) => ({ topic, partition, start })),
  )
  try {
    for (const reader of readers) {
      const end = parts.find(({ partition }) => partition === reader.partition)?.end ?? 0
      for (;;) {
        const records = await reader.read(end)
        if (records.length === 0) break
        for (const { value } of records) if (value !== null) yield codec.decode(value)
      }
    }
  } finally {
    await close()
    await deleteGroup(kafka, groupId)
  }
}

const deleteGroup = async (kafka: Kafka, groupId: string): Promise<void> => {
  const admin = kafka.admin()
  await admin.connect()
  await admin.deleteGroups([groupId])
  await admin.disconnect()
}
