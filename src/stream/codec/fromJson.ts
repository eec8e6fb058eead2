import avro from 'avsc'
import { isFields } from './check.ts'
import { isCode } from './values.ts'

/**
 * Brings JSON into the form that the Avro reader gives: known fields only, defaults for what is missing, UNKNOWN for a
 * symbol that is newer than the schema. Types and ranges are left to the check.
 */
export const createFromJson = (type: avro.Type): ((value: unknown) => unknown) => {
  if (type instanceof avro.types.RecordType) return recordFromJson(type)
  if (type instanceof avro.types.ArrayType) return listFromJson(createFromJson(type.itemsType))
  if (type instanceof avro.types.EnumType) {
    const known: ReadonlySet<unknown> = new Set(type.symbols)
    return (value) => (!known.has(value) && isCode(value) ? 'UNKNOWN' : value)
  }
  if (type instanceof avro.types.UnwrappedUnionType) {
    const branch = type.types.find((each) => each.typeName !== 'null')
    return branch === undefined ? asIs : orNull(createFromJson(branch))
  }
  return asIs
}

const asIs = (value: unknown): unknown => value

const orNull =
  (fromJson: (value: unknown) => unknown) =>
  (value: unknown): unknown =>
    value === null ? null : fromJson(value)

const listFromJson =
  (item: (value: unknown) => unknown) =>
  (value: unknown): unknown =>
    Array.isArray(value) ? value.map(item) : value

const recordFromJson = (type: avro.types.RecordType) => {
  const fields = type.fields.map((field) => ({ field, fromJson: createFromJson(field.type) }))
  return (value: unknown): unknown => {
    if (!isFields(value)) return value
    return Object.fromEntries(
      fields.map(({ field, fromJson }): [string, unknown] => {
        const given = value[field.name]
        return [field.name, given === undefined ? field.defaultValue() : fromJson(given)]
      }),
    )
  }
}
