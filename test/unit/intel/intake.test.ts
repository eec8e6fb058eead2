import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createIntake } from '../../../src/intel/intake.ts'
import { createIntelTable } from '../../../src/intel/table/table.ts'
import { aPayment } from '../../support/payments.ts'
import { hashContact, hashText, stixIndicator } from '../../support/intel/indicators.ts'

const opened = () => {
  const table = createIntelTable(hashText)
  return { table, intake: createIntake(table, { hashContact }) }
}
const take = (object: unknown) => opened().intake.take(object)
const payee = "[x-sluice-payee:value = 'p1']"
const late = Date.UTC(2030, 0, 1)

describe('an object of intelligence', () => {
  test('that is an indicator lists, with its source by name and its marking', () => {
    const { table, intake } = opened()
    intake.take({ type: 'identity', id: 'identity--1', name: 'Exchange' })
    const markings = [
      'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da',
      'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1',
    ]
    const object = stixIndicator(payee, {
      confidence: 40,
      created_by_ref: 'identity--1',
      object_marking_refs: markings,
    })
    expect(intake.take(object)).toMatchObject({ result: 'listed' })
    expect(table.find('payee', aPayment({ payeeId: 'p1' }), late)).toMatchObject({
      id: object.id,
      source: 'Exchange',
      confidence: 40,
      tlp: 'RED',
    })
  })

  test('lists from the later of valid_from and created, until valid_until', () => {
    const { table, intake } = opened()
    intake.take(
      stixIndicator(payee, {
        valid_from: '2025-01-01T00:00:00Z',
        created: '2026-01-05T00:00:00Z',
        valid_until: '2026-02-01T00:00:00Z',
      }),
    )
    const isListed = (date: string) =>
      table.find('payee', aPayment({ payeeId: 'p1' }), Date.parse(date)) !== null
    expect(['2026-01-04', '2026-01-05', '2026-01-31', '2026-02-01'].map(isListed)).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  test.each([
    [{ pattern_type: 'yara', pattern: 'rule x {}' }, 'not_compiled'],
    [{ pattern: "[process:name = 'x']" }, 'not_compiled'],
    [{ pattern: `${payee} OR [process:name = 'x']` }, 'partly'],
    [{ revoked: true }, 'revoked'],
  ])('%j is %s', (changes, result) => {
    expect(take(stixIndicator(payee, changes))).toMatchObject({ result, problem: null })
  })

  test.each([
    [{ id: 'indicator--1' }, 'id: expected indicator-- and a UUID'],
    [{ pattern: '[' }, 'pattern: expected'],
    [{ pattern: ['x'] }, 'pattern: expected a text'],
    [{ pattern: undefined }, 'pattern: expected to be there'],
    [{ modified: 'yesterday' }, 'modified: expected a time'],
    [{ modified: 5 }, 'modified: expected a time'],
    [{ valid_from: '2026-13-01T00:00:00Z' }, 'valid_from: expected a time'],
    [{ valid_until: '2025-01-01T00:00:00Z' }, 'valid_until: expected a time after'],
    [{ confidence: 101 }, 'confidence: expected a whole number'],
    [{ confidence: '5' }, 'confidence: expected a whole number'],
    [{ revoked: 'no' }, 'revoked: expected true or false'],
    [{ object_marking_refs: 'x' }, 'object_marking_refs: expected a list'],
    [{ object_marking_refs: Array(65).fill('x') }, 'object_marking_refs: expected a list'],
  ])('%j is invalid: %s', (changes, problem) => {
    expect(take(stixIndicator(payee, changes))).toMatchObject({
      result: 'invalid',
      problem: expect.stringContaining(problem),
    })
  })

  test('is read by its own fields alone', () => {
    const polluting: unknown = JSON.parse(
      '{"__proto__": {"type": "indicator"}, "constructor": {"prototype": {"type": "indicator"}}}',
    )
    expect(take(polluting)).toMatchObject({ result: 'invalid', problem: expect.stringContaining('type') })
    expect(Object.hasOwn(Object.prototype, 'type')).toBe(false)
  })

  test('that is nested without end or very large takes bounded time', () => {
    const started = performance.now()
    const nested: unknown = JSON.parse(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`)
    expect(take(nested)).toMatchObject({ result: 'invalid' })
    expect(take(stixIndicator(payee, { extensions: nested }))).toMatchObject({ result: 'listed' })
    expect(take(stixIndicator('x'.repeat(10_000_000)))).toMatchObject({ result: 'invalid' })
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  test('of any shape is taken or refused, never anything else', () => {
    fc.assert(fc.property(fc.anything(), (object) => void take(object)))
    const fields = fc.constantFrom(
      'id',
      'created',
      'modified',
      'valid_from',
      'pattern',
      'pattern_type',
      'confidence',
      'revoked',
      'object_marking_refs',
      'created_by_ref',
    )
    fc.assert(
      fc.property(
        fields,
        fc.anything(),
        (field, value) => void take(stixIndicator(payee, { [field]: value })),
      ),
    )
  })
})
