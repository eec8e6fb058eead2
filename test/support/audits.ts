import type { Kafka } from 'kafkajs'
import type { Audit } from '../../src/domain/audit.ts'
import { createAuditCodec } from '../../src/stream/codec/audit.ts'
import type { Schemas } from '../../src/stream/codec/schemas.ts'
import type { TopicNames } from '../../src/stream/topicSpec.ts'
import { readTopic } from './topicReader.ts'
import { untilTrue } from './until.ts'

/** What the processor saw when it decided. */
export type Audits = {
  /** The first audit record of a payment; waits for it. */
  readonly of: (paymentId: string) => Promise<Audit>
  readonly close: () => Promise<void>
}

export const readAudits = async (kafka: Kafka, topics: TopicNames, schemas: Schemas): Promise<Audits> => {
  const codec = createAuditCodec(schemas)
  const audits = new Map<string, Audit>()
  let failure: Error | undefined
  const reader = await readTopic(
    kafka,
    topics.audit,
    ({ value }) => {
      const audit = codec.decode(value ?? Buffer.alloc(0))
      if (!audits.has(audit.payment.paymentId)) audits.set(audit.payment.paymentId, audit)
    },
    (error) => (failure = error),
  )
  return {
    of: async (paymentId) => {
      await untilTrue(() => {
        if (failure !== undefined) throw failure
        return audits.has(paymentId)
      })
      const audit = audits.get(paymentId)
      if (audit === undefined) throw new Error(`no audit record of ${paymentId}`)
      return audit
    },
    close: reader.close,
  }
}
