import { createAuditCodec } from '../../stream/codec/audit.ts'
import { createDecisionCodec } from '../../stream/codec/decision.ts'
import { createRiskFeedbackCodec } from '../../stream/codec/riskFeedback.ts'
import type { Codec } from '../../stream/codec/codec.ts'
import type { Schemas } from '../../stream/codec/schemas.ts'
import { murmur2 } from '../../stream/murmur2.ts'
import type { RawRecord } from '../../stream/record.ts'
import type { Scanner } from '../../stream/scan.kafka.ts'
import type { TopicNames } from '../../stream/topicSpec.ts'
import type { DeadLetter, Found } from './found.ts'

export type FindDeps = {
  readonly scanner: Pick<Scanner, 'scan'>
  readonly topics: Pick<TopicNames, 'audit' | 'decisions' | 'deadLetters' | 'riskFeedback'>
  readonly schemas: Schemas
  readonly onProgress: (topic: string, done: number, of: number) => void
}

export type FindOrder = {
  readonly paymentId: string
  /** null: of every partition of the audit topic. */
  readonly accountId: string | null
  /** Epoch milliseconds. */
  readonly from: number
  readonly until: number
}

/** Whatever the version of a record: the bytes of the id stand in it as they are. */
const naming = (paymentId: string): ((record: RawRecord) => boolean) => {
  const bytes = Buffer.from(paymentId)
  return ({ value }) => value?.includes(bytes) === true
}

/** The id is a part of another one's, or of another field: only the decoded record tells. */
const readAs = <T>(codec: Codec<T>, { value }: RawRecord): readonly T[] => {
  const read = value === null ? null : codec.read(value)
  return read?.ok === true ? [read.value] : []
}

const header = ({ headers }: RawRecord, name: string): string | null => {
  const value = headers[name]
  return value === undefined ? null : String(value)
}

const deadLetterOf = (record: RawRecord): DeadLetter => ({
  partition: record.partition,
  offset: record.offset,
  timestamp: record.timestamp,
  reason: header(record, 'sluice-reason') ?? 'UNKNOWN',
  detail: header(record, 'sluice-detail') ?? '',
  field: header(record, 'sluice-field'),
})

/** Everything that is known of a payment. Holds what names it, never a topic. @throws SluiceError KAFKA_UNAVAILABLE */
export const findPayment = async (
  { scanner, topics, schemas, onProgress }: FindDeps,
  { paymentId, accountId, from, until }: FindOrder,
): Promise<Found> => {
  const isNamed = naming(paymentId)
  const named = async (
    topic: string,
    since: number,
    to: number,
    one: string | null,
  ): Promise<RawRecord[]> => {
    const found: RawRecord[] = []
    const order = {
      topic,
      from: since,
      until: to,
      onProgress: (done: number, of: number) => onProgress(topic, done, of),
      // As our producer chooses the partition of an audit record.
      ...(one === null
        ? {}
        : { partitions: (count: number) => [(murmur2(Buffer.from(one)) & 0x7fff_ffff) % count] }),
    }
    for await (const records of scanner.scan(order))
      for (const record of records)
        if (isNamed(record) || header(record, 'payment-id') === paymentId) found.push(record)
    return found
  }

  const audit = createAuditCodec(schemas)
  const decision = createDecisionCodec(schemas)
  const feedback = createRiskFeedbackCodec(schemas)
  const audits = (await named(topics.audit, from, until, accountId))
    .flatMap((record) => readAs(audit, record))
    .filter(({ payment }) => payment.paymentId === paymentId)
  const decisions = (await named(topics.decisions, from, until, null)).flatMap((record) =>
    readAs(decision, record)
      .filter((each) => each.paymentId === paymentId)
      .map((each) => ({
        partition: record.partition,
        offset: record.offset,
        timestamp: record.timestamp,
        decision: each,
      })),
  )
  const isInvalid = decisions.some(({ decision: { model } }) => model === null)
  return {
    audits,
    decisions,
    deadLetters:
      isInvalid || decisions.length === 0
        ? (await named(topics.deadLetters, from, until, null)).map(deadLetterOf)
        : [],
    // What became of it is known later than it was decided.
    feedback: (await named(topics.riskFeedback, from, Infinity, null))
      .flatMap((record) => readAs(feedback, record))
      .filter((each) => each.paymentId === paymentId),
  }
}
