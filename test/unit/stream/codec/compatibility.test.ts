import { describe, expect, it } from 'vitest'
import { loadSchemas, ownSchemasFolder } from '../../../../src/stream/codec/schemas.file.ts'
import { incompatibilities, type AvroSchema } from './compatibility.ts'

const schemas = await loadSchemas(ownSchemasFolder)
const parse = (text: string): AvroSchema => JSON.parse(text)

/** Each pair of versions of a record, older first. */
const pairs = [...schemas].flatMap(([record, versions]) =>
  versions.flatMap((older, index) =>
    versions.slice(index + 1).map((newer) => ({
      record,
      older: parse(older.text),
      newer: parse(newer.text),
      name: `${record} v${older.version} and v${newer.version}`,
    })),
  ),
)
const outputs = ['Decision', 'Audit', 'Notice']

describe('the schemas', () => {
  it('read what every older version wrote (BACKWARD_TRANSITIVE)', () => {
    for (const { name, older, newer } of pairs) expect(incompatibilities(newer, older), name).toEqual([])
  })

  it('of outputs can be read by every older version too (FULL_TRANSITIVE)', () => {
    for (const { record, name, older, newer } of pairs) {
      if (outputs.includes(record)) expect(incompatibilities(older, newer), name).toEqual([])
    }
  })

  it('are each compatible with themselves', () => {
    for (const [record, versions] of schemas) {
      for (const { text } of versions) expect(incompatibilities(parse(text), parse(text)), record).toEqual([])
    }
  })
})

describe('the check of compatibility', () => {
  const time = { type: 'long', logicalType: 'timestamp-millis' }
  const colour = (symbols: readonly string[], unknown?: string): AvroSchema => ({
    type: 'enum',
    name: 'Colour',
    symbols,
    ...(unknown === undefined ? {} : { default: unknown }),
  })
  const thing = (...fields: { name: string; type: AvroSchema; default?: unknown }[]): AvroSchema => ({
    type: 'record',
    name: 'Thing',
    fields,
  })
  const id = { name: 'id', type: 'string' }

  it.each<[string, AvroSchema, AvroSchema]>([
    [
      'a new field with a default',
      thing(id, { name: 'a', type: ['null', 'string'], default: null }),
      thing(id),
    ],
    ['a field that is gone', thing(id), thing(id, { name: 'a', type: 'long' })],
    ['a field that became nullable', thing({ name: 'id', type: ['null', 'string'] }), thing(id)],
    ['a longer integer', thing({ name: 'n', type: 'long' }), thing({ name: 'n', type: 'int' })],
    [
      'a new symbol where there is a default',
      thing({ name: 'c', type: colour(['UNKNOWN', 'RED'], 'UNKNOWN') }),
      thing({ name: 'c', type: colour(['UNKNOWN', 'RED', 'BLUE'], 'UNKNOWN') }),
    ],
    [
      'a type that is referred to by name',
      thing({ name: 'a', type: colour(['RED']) }, { name: 'b', type: 'Colour' }),
      thing({ name: 'a', type: colour(['RED']) }, { name: 'b', type: 'Colour' }),
    ],
  ])('lets pass %s', (_, reader, writer) => {
    expect(incompatibilities(reader, writer)).toEqual([])
  })

  it.each<[string, AvroSchema, AvroSchema, RegExp]>([
    ['a new field without a default', thing(id, { name: 'a', type: 'long' }), thing(id), /\.a: .*no default/],
    ['another type', thing({ name: 'id', type: 'long' }), thing(id), /string cannot be read as long/],
    [
      'a shorter integer',
      thing({ name: 'n', type: 'int' }),
      thing({ name: 'n', type: 'long' }),
      /long cannot/,
    ],
    [
      'an amount that would be rounded',
      thing({ name: 'n', type: 'double' }),
      thing({ name: 'n', type: 'long' }),
      /long/,
    ],
    [
      'a logical type that is gone',
      thing({ name: 't', type: 'long' }),
      thing({ name: 't', type: time }),
      /timestamp/,
    ],
    [
      'another logical type',
      thing({ name: 't', type: { type: 'long', logicalType: 'timestamp-micros' } }),
      thing({ name: 't', type: time }),
      /timestamp-millis became timestamp-micros/,
    ],
    ['a field that may be null no more', thing(id), thing({ name: 'id', type: ['null', 'string'] }), /null/],
    [
      'a symbol unknown to a reader without default',
      thing({ name: 'c', type: colour(['RED']) }),
      thing({ name: 'c', type: colour(['RED', 'BLUE']) }),
      /BLUE/,
    ],
    [
      'a fault inside an array',
      thing({ name: 'l', type: { type: 'array', items: 'string' } }),
      thing({ name: 'l', type: { type: 'array', items: 'long' } }),
      /\.l\[\]/,
    ],
    ['a renamed record', { type: 'record', name: 'Other', fields: [] }, thing(), /renamed/],
  ])('stops %s', (_, reader, writer, problem) => {
    expect(incompatibilities(reader, writer).join('\n')).toMatch(problem)
  })
})
