import type { Headers, Refused, Source } from '../domain/received.ts'
import { earliestMs, latestMs } from './codec/values.ts'
import type { RawRecord } from './record.ts'

/** The part of a Kafka message that is read; kafkajs's KafkaMessage fits. */
type IncomingMessage = {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly timestamp: string
  readonly offset: string
  /** kafkajs gives null for a header without a value, whatever its types say. */
  readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string | null)[] | null | undefined>>
}

/** The part of a Kafka message that is written; kafkajs's Message fits. */
type OutgoingMessage = {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Record<string, Buffer | string>
  /** Noted by our partitioner when the message is sent. */
  partition?: number
}

/** -1 is Kafka's word for none; a sender who may choose it can choose one that no contract holds. */
const noTimestamp = -1

const timestampOf = ({ timestamp }: IncomingMessage): number => {
  const ms = Number(timestamp)
  return ms >= earliestMs && ms < latestMs ? ms : noTimestamp
}

export const toRawRecord = (
  topic: string,
  partition: number,
  message: IncomingMessage,
  enteredAt: number,
): RawRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  timestamp: timestampOf(message),
  key: message.key,
  value: message.value,
  headers: singleHeaders(message.headers),
  enteredAt,
})

const emptyRecord = <T>(): Record<string, T> => Object.create(null) as Record<string, T>

const noHeaders: RawRecord['headers'] = Object.freeze(emptyRecord<Buffer | string>())

/**
 * Kafka allows a header many times, and without a value: the last one counts, and one without a value is left out.
 * A record without a prototype: a header may be called `__proto__`.
 */
const singleHeaders = (headers: IncomingMessage['headers']): RawRecord['headers'] => {
  if (headers === undefined) return noHeaders
  let result: Record<string, Buffer | string> | undefined
  for (const name in headers) {
    const given = headers[name]
    const value = Array.isArray(given) ? given.at(-1) : given
    if (value === null || value === undefined) continue
    result ??= emptyRecord<Buffer | string>()
    result[name] = value
  }
  return result ?? noHeaders
}

/** Of a record that is too large to be a payment the beginning is kept; its length is in a header. */
const keptBytes = 131_072

/** The original bytes and headers with the reason; a record with a PAN in it leaves neither behind. */
export const deadLetter = (refused: Refused): OutgoingMessage => ({
  key: refused.key,
  value: refused.bytes?.subarray(0, keptBytes) ?? null,
  headers: { ...switchHeaders(refused.source.headers), ...refusalHeaders(refused, refused.source) },
})

const refusalHeaders = (refused: Refused, source: Source): Record<string, string> => ({
  'sluice-reason': refused.reason,
  'sluice-detail': refused.detail,
  'sluice-byte-length': String(refused.byteLength),
  'sluice-source-topic': source.topic,
  'sluice-source-partition': String(source.partition),
  'sluice-source-offset': String(source.offset),
  'sluice-source-timestamp': String(source.timestamp),
  ...(refused.field === null ? {} : { 'sluice-field': refused.field }),
})

/** The switch's own headers, for correlation; kafkajs refuses an undefined one. */
export const switchHeaders = (headers: Headers): Record<string, Buffer | string> => {
  const kept = emptyRecord<Buffer | string>()
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined && !name.startsWith('sluice-')) kept[name] = value
  }
  return kept
}
