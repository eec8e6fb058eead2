type Field = { readonly name: string; readonly type: AvroSchema; readonly default?: unknown }
type Definition = {
  readonly type: string
  readonly name?: string
  readonly namespace?: string
  readonly logicalType?: string
  readonly fields?: readonly Field[]
  readonly symbols?: readonly string[]
  readonly default?: string
  readonly items?: AvroSchema
}
export type AvroSchema = string | Definition | readonly AvroSchema[]

const promotions: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
}

/**
 * Why records of one schema cannot be read as records of another, by the rules of Avro's schema resolution; empty if
 * they can. Stricter than Avro in two points: a logical type must stay what it is (the fingerprint does not see it),
 * and a number may not become a floating-point one, which would round amounts.
 */
export const incompatibilities = (reader: AvroSchema, writer: AvroSchema): readonly string[] =>
  compare({ schema: reader, names: namesIn(reader) }, { schema: writer, names: namesIn(writer) }, '')

type Side = { readonly schema: AvroSchema; readonly names: ReadonlyMap<string, Definition> }

const isUnion = (schema: AvroSchema): schema is readonly AvroSchema[] => Array.isArray(schema)

const compare = (reader: Side, writer: Side, path: string): readonly string[] => {
  const at = (schema: AvroSchema, side: Side): Side => ({ ...side, schema })
  if (isUnion(writer.schema)) {
    return writer.schema.flatMap((branch) => compare(reader, at(branch, writer), path))
  }
  if (isUnion(reader.schema)) {
    const tried = reader.schema.map((branch) => compare(at(branch, reader), writer, path))
    return tried.some((problems) => problems.length === 0)
      ? []
      : [`${path}: no branch of the reader's union takes ${definition(writer).type}`]
  }
  return compareDefinitions(definition(reader), definition(writer), path, (r, w, inner) =>
    compare(at(r, reader), at(w, writer), inner),
  )
}

const compareDefinitions = (
  reader: Definition,
  writer: Definition,
  path: string,
  recurse: (reader: AvroSchema, writer: AvroSchema, path: string) => readonly string[],
): readonly string[] => {
  if (reader.logicalType !== writer.logicalType) {
    return [`${path}: ${writer.logicalType ?? 'no logical type'} became ${reader.logicalType ?? 'none'}`]
  }
  if (reader.type !== writer.type) {
    const allowed = (promotions[writer.type] ?? []).filter((type) => type !== 'float' && type !== 'double')
    const widened = writer.type === 'float' && reader.type === 'double'
    return widened || allowed.includes(reader.type)
      ? []
      : [`${path}: ${writer.type} cannot be read as ${reader.type}`]
  }
  if (reader.name !== writer.name) return [`${path}: ${writer.name} was renamed to ${reader.name}`]
  if (reader.type === 'enum') return compareSymbols(reader, writer, path)
  if (reader.type === 'array') return recurse(reader.items ?? 'null', writer.items ?? 'null', `${path}[]`)
  return (reader.fields ?? []).flatMap((field) => {
    const inner = `${path}.${field.name}`
    const written = (writer.fields ?? []).find(({ name }) => name === field.name)
    if (written !== undefined) return recurse(field.type, written.type, inner)
    return 'default' in field ? [] : [`${inner}: is not written and has no default`]
  })
}

const compareSymbols = (reader: Definition, writer: Definition, path: string): readonly string[] => {
  if (reader.default !== undefined) return []
  const unknown = (writer.symbols ?? []).filter((symbol) => !(reader.symbols ?? []).includes(symbol))
  return unknown.map((symbol) => `${path}: the symbol ${symbol} is unknown and there is no default`)
}

const definition = ({ schema, names }: Side): Definition => {
  if (typeof schema === 'string') return names.get(schema) ?? { type: schema }
  if (isUnion(schema)) throw new Error('a union in a union')
  return schema
}

const namesIn = (schema: AvroSchema): ReadonlyMap<string, Definition> => {
  const names = new Map<string, Definition>()
  const visit = (each: AvroSchema): void => {
    if (typeof each === 'string') return
    if (isUnion(each)) return each.forEach(visit)
    if (each.name !== undefined) names.set(each.name, each)
    if (each.items !== undefined) visit(each.items)
    each.fields?.forEach((field) => visit(field.type))
  }
  visit(schema)
  return names
}
