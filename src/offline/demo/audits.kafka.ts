import type { Kafka } from 'kafkajs'
import type { Audit } from '../../domain/audit.ts'
import type { Decision } from '../../domain/decision.ts'
import { createAuditCodec } from '../../stream/codec/audit.ts'
import type { Schemas } from '../../stream/codec/schemas.ts'

export type AuditSearch = {
  readonly kafka: Kafka
  readonly groupId: string
  readonly topic: string
  readonly schemas: Schemas
  /** Gives up after this; a decision without its audit record is simply not in the result. */
  readonly timeoutMs: number
}

const keyOf = ({ paymentId, attempt }: Pick<Decision, 'paymentId' | 'attempt'>): string =>
  `${paymentId} ${attempt}`

/** The audit records of some decisions, by decision. Reads from the oldest of them on. */
export const findAudits = async (
  decisions: readonly Decision[],
  { kafka, groupId, topic, schemas, timeoutMs }: AuditSearch,
): Promise<ReadonlyMap<Decision, Audit>> => {
  if (decisions.length === 0) return new Map()
  const codec = createAuditCodec(schemas)
  const wanted = new Map(decisions.map((decision) => [keyOf(decision), decision]))
  const found = new Map<Decision, Audit>()

  const admin = kafka.admin()
  await admin.connect()
  const earliest = Math.min(...decisions.map(({ decidedAt }) => decidedAt))
  const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, earliest)
  await admin.disconnect()

  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false })
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      setTimeout(resolve, timeoutMs).unref()
      consumer
        .run({
          autoCommit: false,
          eachMessage: async ({ message: { value } }) => {
            if (value === null || found.size === wanted.size) return
            const audit = codec.decode(value)
            const decision = wanted.get(keyOf(audit.decision))
            if (decision !== undefined) found.set(decision, audit)
            if (found.size === wanted.size) resolve()
            await Promise.resolve()
          },
        })
        .catch(reject)
      for (const { partition, offset } of offsets) consumer.seek({ topic, partition, offset })
    })
  } finally {
    await consumer.disconnect()
  }
  return found
}
