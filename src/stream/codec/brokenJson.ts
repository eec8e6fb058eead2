import type { Fields } from './check.ts'

const searchedBytes = 65_536

/** One text field out of bytes that should be JSON and are not, or not whole; nothing if it holds escapes. */
export const firstTextOf = (bytes: Buffer, field: string): Fields => {
  const text = bytes.toString('latin1', 0, searchedBytes)
  const [, value] = new RegExp(`"${field}"\\s{0,8}:\\s{0,8}"([^"\\\\]{1,128})"`).exec(text) ?? []
  return value === undefined ? {} : { [field]: value }
}
