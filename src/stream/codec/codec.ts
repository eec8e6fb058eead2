import { SluiceError } from '../../errors.ts'
import { isFields, type Check, type Fault, type Fields } from './check.ts'
import { createFromJson } from './fromJson.ts'
import { panWithin } from './pans.ts'
import { firstTextOf } from './brokenJson.ts'
import { createReader, type Reader, type Walk } from './reader.ts'
import { versionsOf, type Schemas } from './schemas.ts'
import { createWriter, headerLength } from './writer.ts'

/** A record that passed, or why it did not, with what could be read of it (unchecked). */
export type Read<T> = { readonly ok: true; readonly value: T } | Unread
export type Unread = { readonly ok: false; readonly fault: Fault; readonly partial: Fields }

/** Which record, in the version that this code was written for. */
export type Contract = { readonly record: string; readonly version: number }

export type Codec<T> = {
  /** Single-object encoding: C3 01, fingerprint, body. A buffer of its own. */
  readonly encode: (value: T) => Buffer
  /** The body alone. A view that the next call overwrites. */
  readonly body: (value: T) => Uint8Array
  /** Never throws, whatever the bytes. */
  readonly read: (bytes: Buffer) => Read<T>
  /** The same for JSON with the contract's field names, times as epoch milliseconds. Never throws. */
  readonly readJson: (bytes: Buffer) => Read<T>
  /** The same for a value that came out of JSON, but may hold what JSON cannot, such as NaN. Never throws. */
  readonly readValue: (value: unknown) => Read<T>
  /** What can be read of bytes that are refused, unchecked: at least the first field if that is whole. Never throws. */
  readonly glimpse: (bytes: Buffer) => Fields
  /** For bytes that we wrote ourselves. @throws SluiceError SCHEMA_INVALID */
  readonly decode: (bytes: Buffer) => T
}

/**
 * The codec of one record: written in the version that this code knows, read in any version of `schemas/`, so that an
 * instance that was given a newer schema reads what a newer writer sends (a symbol that it does not know is UNKNOWN).
 * Whatever depends on a schema is a closure built here, once.
 * @param check what Avro does not know: ranges, formats, PANs. Only what passes it becomes a T.
 * @throws SluiceError SCHEMA_INVALID if the own version is missing or cannot read another one
 */
export const createCodec = <T>(
  schemas: Schemas,
  { record, version }: Contract,
  check: Check<T>,
): Codec<T> => {
  const { own, others } = versionsOf(schemas, record, version)
  const readers = [own, ...others].map((written) => createReader(written, own))
  const writer = createWriter(own)
  const fromJson = createFromJson(own.type)
  const firstField = own.type.fields[0]?.name ?? ''

  const checked = (value: unknown): Read<T> => {
    const fault = check(value)
    if (fault !== null) return { ok: false, fault, partial: isFields(value) ? value : {} }
    // The one place where a decoded value becomes a T: its check passed, and the compiler holds the check to T.
    return { ok: true, value: value as T }
  }

  /** A number too large for a double is the field's own fault, and the field's check has the words for it. */
  const brokenAt = ({ before, fault, field }: Walk): Unread => {
    const beyond = fault === 'UNSAFE_LONG' && field !== null ? check({ ...before, [field]: Infinity }) : null
    return {
      ok: false,
      fault: beyond ?? { reason: 'MALFORMED', detail: words[fault ?? 'INVALID'], field },
      partial: before,
    }
  }

  const read = (bytes: Buffer): Read<T> => {
    if (!isSingleObject(bytes)) return unread('MALFORMED', notSingleObject, glimpse(bytes))
    const reader = findReader(readers, bytes)
    if (reader === undefined) return unread('UNKNOWN_SCHEMA', notOurs, glimpse(bytes))
    return reader.isSound(bytes) ? checked(reader.value(bytes)) : brokenAt(reader.walk(bytes))
  }

  /** The first field stays the first in all versions, so it may be read even where the version is not known. */
  const glimpse = (bytes: Buffer): Fields => {
    if (!isSingleObject(bytes)) return firstTextOf(bytes, firstField)
    const reader = findReader(readers, bytes)
    return reader === undefined ? (readers[0]?.walk(bytes, 1).before ?? {}) : reader.walk(bytes).before
  }

  const readJson = (bytes: Buffer): Read<T> => {
    const parsed = parseJson(bytes)
    return parsed === undefined ? unread('MALFORMED', notJson, glimpse(bytes)) : readValue(parsed)
  }

  const readValue = (value: unknown): Read<T> => {
    const pan = panWithin(value)
    if (pan === null) return checked(fromJson(value))
    return { ok: false, fault: pan, partial: isFields(value) ? value : {} }
  }

  const decode = (bytes: Buffer): T => {
    const result = read(bytes)
    if (result.ok) return result.value
    const { field, detail } = result.fault
    throw new SluiceError('SCHEMA_INVALID', `${record}${field === null ? '' : `.${field}`}: ${detail}`)
  }

  return { encode: writer.encode, body: writer.body, read, readJson, readValue, glimpse, decode }
}

const isSingleObject = (bytes: Buffer): boolean =>
  bytes.length >= headerLength && bytes[0] === 0xc3 && bytes[1] === 0x01

const findReader = (readers: readonly Reader[], bytes: Buffer): Reader | undefined => {
  const fingerprint = bytes.readBigUInt64LE(2)
  return readers.find((reader) => reader.fingerprint === fingerprint)
}

/** Undefined for what is no JSON; JSON itself has no undefined. */
const parseJson = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

const words: Readonly<Record<NonNullable<Walk['fault']>, string>> = {
  TRUNCATED: 'expected more bytes, found the end of the record',
  TRAILING: 'expected the end of the record, found more bytes',
  INVALID: 'expected bytes that fit the schema, found others',
  UNSAFE_LONG: 'expected a whole number within 2^53, found a larger one',
}

const unread = (reason: Fault['reason'], detail: string, partial: Fields): Unread => ({
  ok: false,
  fault: { reason, detail, field: null },
  partial,
})

const notSingleObject = 'expected C3 01 and eight bytes of fingerprint, found other bytes'
const notOurs = 'expected the fingerprint of a known version, found another'
const notJson = 'expected JSON, as the header content-type says, found something else'
