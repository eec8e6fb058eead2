import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import avro, { type Type } from 'avsc'

// Avro's own empty fingerprint and table (Avro specification, "Schema Fingerprints": CRC-64-AVRO).
const empty = 0xc15d213aa4d7a795n
const table = Array.from({ length: 256 }, (_, i) => {
  let fingerprint = BigInt(i)
  for (let bit = 0; bit < 8; bit++)
    fingerprint = (fingerprint >> 1n) ^ (empty & -(fingerprint & 1n) & 0xffffffffffffffffn)
  return fingerprint
})

const crc64 = (bytes: Buffer): string => {
  let fingerprint = empty
  for (const byte of bytes)
    fingerprint = (fingerprint >> 8n) ^ (table[Number((fingerprint ^ BigInt(byte)) & 0xffn)] ?? 0n)
  const hash = Buffer.alloc(8)
  hash.writeBigUInt64LE(fingerprint)
  return hash.toString('hex')
}

/** Reads a record in Avro's single-object encoding; null where no schema of the folder wrote it. */
export type ReadAvro = (bytes: Buffer) => Readonly<Record<string, unknown>> | null

const headerBytes = 10

/** By the schemas in a folder, each version. */
export const openAvro = (folder: string): ReadAvro => {
  const types = new Map<string, Type>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.avsc'))) {
    const type = avro.Type.forSchema(JSON.parse(readFileSync(join(folder, file), 'utf8')) as avro.Schema)
    // The canonical form: without docs, defaults, aliases and logical types.
    types.set(crc64(Buffer.from(JSON.stringify(type.schema()))), type)
  }
  return (bytes) => {
    if (bytes.length < headerBytes || bytes.readUInt16BE(0) !== 0xc301) return null
    const type = types.get(bytes.toString('hex', 2, headerBytes))
    if (type === undefined) return null
    try {
      return type.fromBuffer(bytes.subarray(headerBytes)) as Readonly<Record<string, unknown>>
    } catch {
      // Whoever sent that sent no record of ours: the checker asks for no answer by its id.
      return null
    }
  }
}
