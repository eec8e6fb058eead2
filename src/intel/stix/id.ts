const id = /^([a-z][a-z0-9-]{1,248}[a-z0-9])--([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

/** Type and UUID of a STIX id; null for any other text. */
export const parseStixId = (text: string): { readonly type: string; readonly uuid: string } | null => {
  const [, type, uuid] = id.exec(text.slice(0, 320)) ?? []
  return type === undefined || uuid === undefined ? null : { type, uuid }
}

/** The four 32-bit words of a UUID; in their order UUIDs are sorted as their texts are. */
export type UuidWords = readonly [number, number, number, number]

export const uuidWords = (uuid: string): UuidWords => {
  const digits = uuid.replaceAll('-', '')
  const word = (at: number): number => Number.parseInt(digits.slice(at * 8, at * 8 + 8), 16)
  return [word(0), word(1), word(2), word(3)]
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const hex16 = (half: number): string => `${hexOfByte[(half >>> 8) & 0xff]}${hexOfByte[half & 0xff]}`

/** By a table: for each hit of a look-up one is written. */
export const uuidOf = ([a, b, c, d]: UuidWords): string =>
  `${hex16(a >>> 16)}${hex16(a)}-${hex16(b >>> 16)}-${hex16(b)}-${hex16(c >>> 16)}-${hex16(c)}${hex16(d >>> 16)}${hex16(d)}`
