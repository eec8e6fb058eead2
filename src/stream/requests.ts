type Bytes = Buffer | string

/** The part of a Kafka message that takes room; kafkajs's Message fits. */
export type Sized = {
  readonly key?: Bytes | null
  readonly value: Bytes | null
  readonly headers?: Readonly<Record<string, Bytes | readonly Bytes[] | undefined>>
}

/** A broker takes 1 MiB for one partition in one request by default; what one payment brings is far below that. */
const requestBytes = 786_432
/** Lengths, deltas and attributes of a record, and the lengths of a header: more than they ever take. */
const recordFrameBytes = 40
const headerFrameBytes = 10

const lengthOf = (bytes: Bytes | null | undefined): number =>
  bytes === null || bytes === undefined ? 0 : Buffer.byteLength(bytes)

const valueBytes = (value: Bytes | readonly Bytes[] | undefined): number => {
  if (typeof value !== 'object' || Buffer.isBuffer(value)) return lengthOf(value)
  let bytes = 0
  for (const each of value) bytes += lengthOf(each)
  return bytes
}

/** What the headers of a record take, about. */
export const headerBytes = (headers: Sized['headers']): number => {
  let bytes = 0
  for (const name in headers) bytes += headerFrameBytes + Buffer.byteLength(name) + valueBytes(headers[name])
  return bytes
}

const messageBytes = ({ key, value, headers }: Sized): number =>
  recordFrameBytes + lengthOf(key) + lengthOf(value) + headerBytes(headers)

/** Cuts messages, in their order, into parts of which each fits into one request, whatever their partitions. */
export const partsOf = <M extends Sized>(messages: readonly M[]): readonly M[][] => {
  const parts: M[][] = []
  let room = 0
  for (const message of messages) {
    const bytes = messageBytes(message)
    const part = parts.at(-1)
    if (part === undefined || bytes > room) {
      parts.push([message])
      room = requestBytes - bytes
    } else {
      part.push(message)
      room -= bytes
    }
  }
  return parts
}
