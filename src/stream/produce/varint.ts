import type { Cursor } from './cursor.ts'

/** Small numbers of either sign become small ones without a sign: 0, -1, 1, -2 are 0, 1, 2, 3. */
const zigZag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value)

/** Bytes of a varint or varlong; the value is an integer of at most 2^52 either way. NaN for NaN. */
export const sizeOfVarint = (value: number): number => {
  let rest = zigZag(value)
  if (Number.isNaN(rest)) return NaN
  let bytes = 1
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++
  return bytes
}

export const putVarint = (cursor: Cursor, value: number): void => {
  let rest = zigZag(value)
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) cursor.bytes[cursor.at++] = (rest % 0x80) | 0x80
  cursor.bytes[cursor.at++] = rest
}
