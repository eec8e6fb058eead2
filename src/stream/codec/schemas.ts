import avro from 'avsc'
import { SluiceError } from '../../errors.ts'
import { isFields } from './check.ts'
import { fingerprint } from './fingerprint.ts'

export type SchemaVersion = {
  readonly record: string
  readonly version: number
  readonly type: avro.types.RecordType
  /** CRC-64-AVRO of the Parsing Canonical Form. */
  readonly fingerprint: bigint
  /** The file's text: what the fingerprint ignores (logical types, defaults) is compared by the tests. */
  readonly text: string
}

/** All versions of each record, oldest first. */
export type Schemas = ReadonlyMap<string, readonly SchemaVersion[]>

export type SchemaFile = { readonly name: string; readonly text: string }

const fileName = /^([A-Z][A-Za-z]*)\.v([1-9]\d*)\.avsc$/

/** @throws SluiceError SCHEMA_INVALID for a name that is not `<Record>.v<version>.avsc` and for what is no record. */
export const createSchemas = (files: readonly SchemaFile[]): Schemas => {
  const schemas = new Map<string, SchemaVersion[]>()
  for (const version of files.map(parseFile).sort((a, b) => a.version - b.version)) {
    schemas.set(version.record, [...(schemas.get(version.record) ?? []), version])
  }
  return schemas
}

/** @throws SluiceError SCHEMA_INVALID if the version is not there. */
export const versionsOf = (
  schemas: Schemas,
  record: string,
  version: number,
): { readonly own: SchemaVersion; readonly others: readonly SchemaVersion[] } => {
  const all = schemas.get(record) ?? []
  const own = all.find((each) => each.version === version)
  if (own === undefined)
    throw new SluiceError('SCHEMA_INVALID', `there is no schema ${record}.v${version}.avsc`)
  return { own, others: all.filter((each) => each !== own) }
}

const parseFile = ({ name, text }: SchemaFile): SchemaVersion => {
  const [, record, version] = fileName.exec(name) ?? []
  if (record === undefined) {
    throw new SluiceError('SCHEMA_INVALID', `${name}: expected a name like Payment.v1.avsc`)
  }
  const type = parseType(name, text)
  if (!(type instanceof avro.types.RecordType) || type.name !== `sluice.v1.${record}`) {
    throw new SluiceError('SCHEMA_INVALID', `${name}: expected a record named sluice.v1.${record}`)
  }
  const canonicalForm = JSON.stringify(type.schema())
  return { record, version: Number(version), type, fingerprint: fingerprint(canonicalForm), text }
}

const parseType = (name: string, text: string): avro.Type => {
  try {
    const schema: unknown = JSON.parse(text)
    if (isSchema(schema)) return avro.Type.forSchema(schema, { omitRecordMethods: true, wrapUnions: 'never' })
  } catch (cause) {
    throw new SluiceError('SCHEMA_INVALID', `${name}: is no Avro schema`, { cause })
  }
  throw new SluiceError('SCHEMA_INVALID', `${name}: is no object`)
}

/** An object; what is in it is for avsc to judge, which throws for what is no schema. */
const isSchema = (value: unknown): value is Parameters<typeof avro.Type.forSchema>[0] => isFields(value)
