import { putBytes, sizeOfBytes, type Bytes } from './bytes.ts'
import { putInt8, type Cursor } from './cursor.ts'
import { putVarint, sizeOfVarint } from './varint.ts'

type Headers = Readonly<Record<string, Bytes | readonly Bytes[] | undefined>>

/** A message as kafkajs's producer takes it. */
export type Message = {
  readonly key?: Bytes | null
  readonly value: Bytes | null
  readonly headers?: Headers
  /** Milliseconds since 1970, in decimal digits. */
  readonly timestamp?: string
}

/** Where a record stands in its batch. */
export type Place = {
  readonly offsetDelta: number
  /** Milliseconds after the batch's first timestamp; kafkajs can make it negative. */
  readonly timestampDelta: number
}

/** Bytes of a record without the length ahead of it; NaN when something in it cannot be encoded here. */
export const sizeOfRecord = (message: Message, { offsetDelta, timestampDelta }: Place): number =>
  1 +
  sizeOfVarint(timestampDelta) +
  sizeOfVarint(offsetDelta) +
  sizeOfBytes(message.key) +
  sizeOfBytes(message.value) +
  sizeOfHeaders(message.headers)

/** @param size as `sizeOfRecord` gives it */
export const putRecord = (cursor: Cursor, size: number, message: Message, place: Place): void => {
  putVarint(cursor, size)
  putInt8(cursor, 0)
  putVarint(cursor, place.timestampDelta)
  putVarint(cursor, place.offsetDelta)
  putBytes(cursor, message.key)
  putBytes(cursor, message.value)
  putHeaders(cursor, message.headers)
}

/** kafkajs refuses a header that is null, alone or in a list, so here it is NaN too. */
const sizeOfHeaders = (headers: Headers | undefined): number => {
  if (headers === undefined) return 1
  if (headers === null) return NaN
  let bytes = 0
  let count = 0
  for (const name of Object.keys(headers)) {
    const given = headers[name]
    const nameBytes = sizeOfBytes(name)
    if (!isList(given)) {
      count++
      bytes += nameBytes + sizeOfHeader(given)
    } else
      for (const value of given) {
        count++
        bytes += nameBytes + sizeOfHeader(value)
      }
  }
  return sizeOfVarint(count) + bytes
}

const sizeOfHeader = (value: Bytes | undefined): number =>
  value === undefined || value === null ? NaN : sizeOfBytes(value)

const putHeaders = (cursor: Cursor, headers: Headers | undefined): void => {
  if (headers === undefined) {
    putVarint(cursor, 0)
    return
  }
  const names = Object.keys(headers)
  putVarint(cursor, countOf(headers, names))
  for (const name of names) {
    const given = headers[name]
    if (!isList(given)) putHeader(cursor, name, given)
    else for (const value of given) putHeader(cursor, name, value)
  }
}

const countOf = (headers: Headers, names: readonly string[]): number => {
  let count = 0
  for (const name of names) {
    const given = headers[name]
    count += isList(given) ? given.length : 1
  }
  return count
}

const putHeader = (cursor: Cursor, name: string, value: Bytes | undefined): void => {
  putBytes(cursor, name)
  putBytes(cursor, value)
}

const isList = (given: Bytes | readonly Bytes[] | undefined): given is readonly Bytes[] =>
  Array.isArray(given)
