import { SluiceError } from '../../errors.ts'
import type { Audit } from '../../domain/audit.ts'
import { createAuditCodec } from '../../stream/codec/audit.ts'
import type { Schemas } from '../../stream/codec/schemas.ts'
import { readRows } from '../files/rows.file.ts'
import { createTextWriter } from '../files/text.file.ts'

const fields = [
  'payment',
  'sourcePartition',
  'sourceOffset',
  'sourceTimestamp',
  'effectiveAt',
  'features',
  'degraded',
  'decision',
  'otherModels',
  'device',
  'intelHits',
  'listed',
  'redelivered',
] as const satisfies readonly (keyof Audit)[]

/** JSON has no NaN: what is not known is null in a file. */
const withNaN = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((each: unknown) => (each === null ? Number.NaN : each)) : value

/**
 * Audit records as a file of NDJSON holds them, plain or packed: the contract's field names, an unknown feature null.
 * @throws SluiceError FILE_INVALID naming file and line
 */
export async function* readAuditFile(file: string, schemas: Schemas): AsyncGenerator<Audit, void, undefined> {
  const codec = createAuditCodec(schemas)
  for await (const rows of readRows(file))
    for (const row of rows) {
      const given = Object.fromEntries(fields.map((name) => [name, row.get(name)]))
      const read = codec.readValue({ ...given, features: withNaN(given['features']) })
      if (read.ok) yield read.value
      else
        throw new SluiceError(
          'FILE_INVALID',
          `${file}, line ${row.line}${read.fault.field === null ? '' : `, ${read.fault.field}`}: ${read.fault.detail}`,
        )
    }
}

export type AuditWriter = {
  readonly write: (audit: Audit) => Promise<void>
  readonly close: () => Promise<void>
}

/** Writes what `readAuditFile` reads. */
export const createAuditWriter = (file: string): AuditWriter => {
  const writer = createTextWriter(file)
  // JSON.stringify makes null of NaN.
  return { write: (audit) => writer.write(`${JSON.stringify(audit)}\n`), close: writer.close }
}
