/** Where the next byte goes; every `put` moves it on. */
export type Cursor = { readonly bytes: Buffer; at: number }

export const putInt8 = (cursor: Cursor, value: number): void => {
  cursor.at = cursor.bytes.writeInt8(value, cursor.at)
}

export const putInt16 = (cursor: Cursor, value: number): void => {
  cursor.at = cursor.bytes.writeInt16BE(value, cursor.at)
}

export const putInt32 = (cursor: Cursor, value: number): void => {
  cursor.at = cursor.bytes.writeInt32BE(value, cursor.at)
}

/** A safe integer in eight bytes. */
export const putInt64 = (cursor: Cursor, value: number): void => {
  putInt32(cursor, Math.floor(value / 0x1_0000_0000))
  putInt32(cursor, value | 0)
}
