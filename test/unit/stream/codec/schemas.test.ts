import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../../../src/stream/codec/fingerprint.ts'
import { loadSchemas, ownSchemasFolder } from '../../../../src/stream/codec/schemas.file.ts'
import { createSchemas } from '../../../../src/stream/codec/schemas.ts'

const schemas = await loadSchemas(ownSchemasFolder)

/** Every node of a schema that is an object. */
const nodes = (value: unknown): readonly Record<string, unknown>[] => {
  if (Array.isArray(value)) return value.flatMap(nodes)
  if (typeof value !== 'object' || value === null) return []
  return [{ ...value }, ...Object.values(value).flatMap(nodes)]
}

describe('fingerprint', () => {
  it.each([
    ['"null"', 0x63dd24e7cc258f8an],
    ['"int"', 0x7275d51a3f395c8fn],
    ['"string"', 0x8f014872634503c7n],
  ])('of %s is what the Avro project says', (canonicalForm, expected) => {
    expect(fingerprint(canonicalForm)).toBe(expected)
  })
})

describe('the contracts', () => {
  it('are these', () => {
    expect([...schemas.keys()].toSorted()).toEqual([
      'AccountEvent',
      'Audit',
      'Bundle',
      'CaseCommand',
      'CaseEntry',
      'Decision',
      'DeviceHealth',
      'ListEntry',
      'Notice',
      'Payment',
      'RiskFeedback',
      'Vulnerability',
    ])
  })

  it.each(
    [...schemas].flatMap(([record, versions]) =>
      versions.map((each) => [record, each.version, each] as const),
    ),
  )('%s v%i keeps the rules of the house', (_, _version, { text }) => {
    const all = nodes(JSON.parse(text))
    expect(all.filter(({ type }) => type === 'map')).toEqual([])
    for (const { symbols, default: unknown } of all.filter(({ type }) => type === 'enum')) {
      expect(symbols).toContain('UNKNOWN')
      expect(unknown).toBe('UNKNOWN')
    }
    for (const { name, type, default: missing } of all.filter(({ type }) => Array.isArray(type))) {
      expect([name, Array.isArray(type) && type[0], missing]).toEqual([name, 'null', null])
    }
    for (const { name, type } of all.filter((node) =>
      /(At|Until|Timestamp|respondBy)$/.test(String(node['name'])),
    )) {
      expect(JSON.stringify(type), String(name)).toContain('timestamp-millis')
    }
  })

  it('have paymentId as the first field of Payment for ever', () => {
    for (const { type } of schemas.get('Payment') ?? []) expect(type.fields[0]?.name).toBe('paymentId')
  })

  it('have the newest Payment and Decision in the newest Audit', () => {
    const newest = (record: string) => schemas.get(record)?.at(-1)?.type
    for (const [field, record] of [
      ['payment', 'Payment'],
      ['decision', 'Decision'],
    ] as const) {
      expect(newest('Audit')?.field(field).type.fingerprint()).toEqual(newest(record)?.fingerprint())
    }
  })
})

describe('createSchemas', () => {
  const payment = JSON.stringify({ type: 'record', name: 'Payment', namespace: 'sluice.v1', fields: [] })

  it.each([
    ['a name without a version', { name: 'Payment.avsc', text: payment }],
    ['text that is no JSON', { name: 'Payment.v1.avsc', text: '{' }],
    ['JSON that is no schema', { name: 'Payment.v1.avsc', text: '{"type":"tree"}' }],
    ['a record of another name', { name: 'Decision.v1.avsc', text: payment }],
    ['what is no record', { name: 'Payment.v1.avsc', text: '"string"' }],
  ])('refuses %s', (_, file) => {
    expect(() => createSchemas([file])).toThrow(expect.objectContaining({ code: 'SCHEMA_INVALID' }))
  })

  it('orders versions as numbers', () => {
    const files = [10, 9, 1].map((version) => ({ name: `Payment.v${version}.avsc`, text: payment }))
    expect(
      createSchemas(files)
        .get('Payment')
        ?.map(({ version }) => version),
    ).toEqual([1, 9, 10])
  })
})
