/** The fingerprint of no bytes, and the polynomial that the table is made of (Avro specification, schema fingerprints). */
const empty = 0xc15d213aa4d7a795n

const table: readonly bigint[] = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte)
  for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ empty : value >> 1n
  return value
})

/** CRC-64-AVRO of a schema's Parsing Canonical Form. Slow; for start-up only. */
export const fingerprint = (canonicalForm: string): bigint => {
  let value = empty
  for (const byte of Buffer.from(canonicalForm, 'utf8')) {
    value = (value >> 8n) ^ (table[Number((value ^ BigInt(byte)) & 0xffn)] ?? 0n)
  }
  return value
}
