import avro from 'avsc'
import { SluiceError } from '../../errors.ts'

export type Cursor = { readonly bytes: Uint8Array; position: number }

/** What is wrong with the bytes of a value. UNSAFE_LONG: well-formed, but beyond the integers that a double holds. */
export type ExtentFault = 'TRUNCATED' | 'INVALID' | 'UNSAFE_LONG'

/** Moves the cursor behind one value; says what is wrong, or null. */
export type Extent = (cursor: Cursor) => ExtentFault | null

/**
 * Walks over bytes by a schema without reading them.
 * avsc believes every length and count: twenty bytes that announce an array of 2^31 items hang the process. This walk
 * goes first; what it passes, avsc reads without throwing and in time proportional to the bytes.
 * @throws SluiceError SCHEMA_INVALID for what cannot be bounded: maps, and arrays of items that may take no bytes.
 */
export const createExtent = (type: avro.Type): Extent => {
  if (type instanceof avro.types.RecordType)
    return recordExtent(type.fields.map((field) => createExtent(field.type)))
  if (type instanceof avro.types.ArrayType) return arrayExtent(type.itemsType)
  if (type instanceof avro.types.UnwrappedUnionType) return unionExtent(type.types.map(createExtent))
  if (type instanceof avro.types.EnumType) return enumExtent(type.symbols.length)
  const extent = primitives[type.typeName]
  if (extent === undefined)
    throw new SluiceError('SCHEMA_INVALID', `the Avro type ${type.typeName} is not supported`)
  return extent
}

const recordExtent =
  (fields: readonly Extent[]): Extent =>
  (cursor) => {
    for (const field of fields) {
      const fault = field(cursor)
      if (fault !== null) return fault
    }
    return null
  }

const unionExtent =
  (branches: readonly Extent[]): Extent =>
  (cursor) => {
    const branch = branches[varint(cursor)]
    return branch === undefined ? wrong(cursor) : branch(cursor)
  }

const enumExtent =
  (symbolCount: number): Extent =>
  (cursor) => {
    const index = varint(cursor)
    return index >= 0 && index < symbolCount ? null : wrong(cursor)
  }

/** Blocks of items until a count of zero. Avro allows a negative count with a size behind. A lie ends with the bytes. */
const arrayExtent = (itemsType: avro.Type): Extent => {
  if (!takesBytes(itemsType)) {
    throw new SluiceError('SCHEMA_INVALID', 'an array of items that may take no bytes is not supported')
  }
  const item = createExtent(itemsType)
  return (cursor) => {
    for (;;) {
      const count = varint(cursor)
      if (count === 0) return null
      if (Number.isNaN(count)) return wrong(cursor)
      if (count < 0 && Number.isNaN(varint(cursor))) return wrong(cursor)
      for (let left = Math.abs(count); left > 0; left--) {
        const fault = item(cursor)
        if (fault !== null) return fault
      }
    }
  }
}

const takesBytes = (type: avro.Type): boolean =>
  type instanceof avro.types.RecordType
    ? type.fields.some((field) => takesBytes(field.type))
    : !(type instanceof avro.types.NullType || type instanceof avro.types.FixedType)

const bytesExtent: Extent = (cursor) => {
  const length = varint(cursor)
  return length >= 0 ? skip(cursor, length) : wrong(cursor)
}

/** avsc refuses one integer more at each end than a double holds exactly. */
const largestLong = Number.MAX_SAFE_INTEGER - 1

const longExtent: Extent = (cursor) => {
  const value = varint(cursor)
  if (Number.isNaN(value)) return wrong(cursor)
  return value >= -largestLong && value <= largestLong ? null : 'UNSAFE_LONG'
}

const primitives: Readonly<Record<string, Extent>> = {
  null: () => null,
  boolean: (cursor) => ((cursor.bytes[cursor.position] ?? 0) > 1 ? 'INVALID' : skip(cursor, 1)),
  int: longExtent,
  long: longExtent,
  float: (cursor) => skip(cursor, 4),
  double: (cursor) => skip(cursor, 8),
  string: bytesExtent,
  bytes: bytesExtent,
}

const skip = (cursor: Cursor, length: number): ExtentFault | null => {
  cursor.position += length
  return cursor.position <= cursor.bytes.length ? null : 'TRUNCATED'
}

const wrong = (cursor: Cursor): ExtentFault =>
  cursor.position > cursor.bytes.length ? 'TRUNCATED' : 'INVALID'

const longestVarint = 10

/** A zigzag varint; NaN if it has no end within ten bytes or within the bytes. */
const varint = (cursor: Cursor): number => {
  const { bytes } = cursor
  let value = 0
  let scale = 1
  for (let length = 0; length < longestVarint; length++) {
    const byte = bytes[cursor.position++]
    if (byte === undefined) return Number.NaN
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    scale *= 128
  }
  return Number.NaN
}
