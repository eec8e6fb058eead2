const id = /^([a-z][a-z0-9-]{1,248}[a-z0-9])--([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

/** Type and UUID of a STIX id; null for any other text. */
export const parseStixId = (text: string): { readonly type: string; readonly uuid: string } | null => {
  const [, type, uuid] = id.exec(text.slice(0, 320)) ?? []
  return type === undefined || uuid === undefined ? null : { type, uuid }
}

/** The four 32-bit words of a UUID, and back. */
export const uuidWords = (uuid: string): readonly [number, number, number, number] => {
  const digits = uuid.replaceAll('-', '')
  const word = (at: number): number => Number.parseInt(digits.slice(at * 8, at * 8 + 8), 16)
  return [word(0), word(1), word(2), word(3)]
}

export const uuidOf = (words: readonly number[]): string => {
  const digits = words.map((word) => word.toString(16).padStart(8, '0')).join('')
  return [8, 12, 16, 20, 32].map((end, at) => digits.slice([0, 8, 12, 16, 20][at], end)).join('-')
}
