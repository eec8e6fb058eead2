import type avro from 'avsc'
import { SluiceError } from '../../errors.ts'
import type { Fields } from './check.ts'
import { createExtent, type ExtentFault } from './extent.ts'
import type { SchemaVersion } from './schemas.ts'
import { headerLength } from './writer.ts'

/** The fields that could be read, and where the bytes stop making sense; `field` is null behind the last one. */
export type Walk = {
  readonly before: Fields
  readonly fault: ExtentFault | 'TRAILING' | null
  readonly field: string | null
}

/** Reads records that one schema version wrote as records of the version that this code knows. */
export type Reader = {
  readonly fingerprint: bigint
  /** Whether the body fits the schema to its last byte. */
  readonly isSound: (bytes: Buffer) => boolean
  /** Only for bytes that are sound. */
  readonly value: (bytes: Buffer) => unknown
  /** Field by field, slowly: for bytes that are not sound. At most the first `count` fields. */
  readonly walk: (bytes: Buffer, count?: number) => Walk
}

export const createReader = (written: SchemaVersion, own: SchemaVersion): Reader => {
  const extent = createExtent(written.type)
  const resolver = written === own ? undefined : resolve(written, own)
  const fields = written.type.fields.map(({ name, type }) => ({ name, type, extent: createExtent(type) }))

  return {
    fingerprint: written.fingerprint,
    isSound: (bytes) => {
      const cursor = { bytes, position: headerLength }
      return extent(cursor) === null && cursor.position === bytes.length
    },
    value: (bytes): unknown => own.type.decode(bytes, headerLength, resolver).value,
    walk: (bytes, count = fields.length) => {
      const cursor = { bytes, position: headerLength }
      const before: Record<string, unknown> = {}
      for (const { name, type, extent: fieldExtent } of fields.slice(0, count)) {
        const start = cursor.position
        const fault = fieldExtent(cursor)
        if (fault !== null) return { before, fault, field: name }
        before[name] = type.decode(bytes, start).value
      }
      return { before, fault: cursor.position < bytes.length ? 'TRAILING' : null, field: null }
    },
  }
}

const resolve = (written: SchemaVersion, own: SchemaVersion): ReturnType<avro.Type['createResolver']> => {
  try {
    return own.type.createResolver(written.type)
  } catch (cause) {
    const message = `${own.record} v${own.version} cannot read v${written.version}`
    throw new SluiceError('SCHEMA_INVALID', message, { cause })
  }
}
