import type { Headers, Refused, Source } from '../domain/received.ts'
import type { RawRecord } from './record.ts'

/** The part of a Kafka message that is read; kafkajs's KafkaMessage fits. */
type IncomingMessage = {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly timestamp: string
  readonly offset: string
  readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>
}

/** The part of a Kafka message that is written; kafkajs's Message fits. */
type OutgoingMessage = {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Record<string, Buffer | string>
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
  timestamp: Number(message.timestamp),
  key: message.key,
  value: message.value,
  headers: singleHeaders(message.headers),
  enteredAt,
})

const noHeaders: RawRecord['headers'] = Object.freeze({})

/** Kafka allows a header many times; the last one counts. */
const singleHeaders = (headers: IncomingMessage['headers']): RawRecord['headers'] => {
  if (headers === undefined) return noHeaders
  let result: Record<string, Buffer | string | undefined> | undefined
  for (const name in headers) {
    const value = headers[name]
    result ??= {}
    result[name] = Array.isArray(value) ? value.at(-1) : value
  }
  return result ?? noHeaders
}

/** The original bytes and headers with the reason; a record with a PAN in it leaves neither behind. */
export const deadLetter = (refused: Refused): OutgoingMessage => ({
  key: refused.key,
  value: refused.bytes,
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
  const kept: Record<string, Buffer | string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined && !name.startsWith('sluice-')) kept[name] = value
  }
  return kept
}
