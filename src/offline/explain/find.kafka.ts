import { createAuditCodec } from '../../stream/codec/audit.ts'
import { createDecisionCodec } from '../../stream/codec/decision.ts'
import { createRiskFeedbackCodec } from '../../stream/codec/riskFeedback.ts'
import type { Codec } from '../../stream/codec/codec.ts'
import type { Schemas } from '../../stream/codec/schemas.ts'
import { isJson } from '../../stream/codec/recordReader.ts'
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
const readAs = <T>(codec: Codec<T>, { value, headers }: RawRecord): readonly T[] => {
  if (value === null) return []
  const read = isJson(headers) ? codec.readJson(value) : codec.read(value)
  return read.ok ? [read.value] : []
}

const header = ({ headers }: RawRecord, name: string): string | null => {
  const value = headers[name]
  return value === undefined ? null : String(value)
}

const deadLetterOf = (record: RawRecord): DeadLetter => ({
  partition: record.partition,
  offset: record.offset,
  timestamp: record.timestamp,
  topic: header(record, 'sluice-source-topic') ?? '',
  reason: header(record, 'sluice-reason') ?? 'UNKNOWN',
  detail: header(record, 'sluice-detail') ?? '',
  field: header(record, 'sluice-field'),
})

/** Where in an input topic a record stands, or the record that a dead letter was made of. */
const inputPlace = (topic: string, partition: unknown, offset: unknown): string =>
  `${topic} ${String(partition)} ${String(offset)}`

const cameFrom = (letter: RawRecord): string =>
  inputPlace(
    header(letter, 'sluice-source-topic') ?? '',
    header(letter, 'sluice-source-partition'),
    header(letter, 'sluice-source-offset'),
  )

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
  // What became of it is known later than it was decided.
  const told = (await named(topics.riskFeedback, from, Infinity, null)).flatMap((record) =>
    readAs(feedback, record)
      .filter((each) => each.paymentId === paymentId)
      .map((each) => ({ each, from: inputPlace(record.topic, record.partition, record.offset) })),
  )
  const letters = (await named(topics.deadLetters, from, Infinity, null)).map((record) => ({
    from: cameFrom(record),
    letter: deadLetterOf(record),
  }))
  const ofTold = new Set(told.map((each) => each.from))
  const refusals = new Map(letters.map(({ from: place, letter }) => [place, letter.reason]))
  return {
    audits,
    decisions,
    deadLetters: letters
      .filter(({ from: place, letter }) => !ofTold.has(place) && letter.timestamp < until)
      .map(({ letter }) => letter),
    feedback: told.map(({ each, from: place }) => ({ ...each, refused: refusals.get(place) ?? null })),
  }
}
