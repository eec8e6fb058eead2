import { putInt16, type Cursor } from './cursor.ts'
import { putVarint, sizeOfVarint } from './varint.ts'

/** A text is written in UTF-8. */
export type Bytes = Buffer | string

const lengthOf = (value: Bytes): number =>
  typeof value === 'string' ? Buffer.byteLength(value) : Buffer.isBuffer(value) ? value.length : NaN

/** With the varint of its length ahead; null is the length -1. NaN for what is neither bytes nor text. */
export const sizeOfBytes = (value: Bytes | null | undefined): number => {
  if (value === null || value === undefined) return 1
  const length = lengthOf(value)
  return sizeOfVarint(length) + length
}

export const putBytes = (cursor: Cursor, value: Bytes | null | undefined): void => {
  if (value === null || value === undefined) {
    putVarint(cursor, -1)
  } else if (typeof value === 'string') {
    putVarint(cursor, Buffer.byteLength(value))
    cursor.at += cursor.bytes.write(value, cursor.at)
  } else {
    putVarint(cursor, value.length)
    cursor.bytes.set(value, cursor.at)
    cursor.at += value.length
  }
}

const longestText = 0x7fff

/** With the int16 of its length ahead. NaN for what is too long or no text. */
export const sizeOfText = (text: string | null): number => {
  if (text === null) return 2
  const length = typeof text === 'string' ? Buffer.byteLength(text) : NaN
  return length <= longestText ? 2 + length : NaN
}

export const putText = (cursor: Cursor, text: string | null): void => {
  if (text === null) {
    putInt16(cursor, -1)
    return
  }
  putInt16(cursor, Buffer.byteLength(text))
  cursor.at += cursor.bytes.write(text, cursor.at)
}
