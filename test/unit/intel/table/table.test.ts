import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createIntelTable, type IntelTable } from '../../../../src/intel/table/table.ts'
import type { Indicator } from '../../../../src/intel/stix/indicator.ts'
import { anIndicator, compiled, hashText } from '../../../support/intel/indicators.ts'
import { createNaiveTable } from '../../../support/intel/naiveTable.ts'
import { aPayment } from '../../../support/payments.ts'

const settle = (table: IntelTable): void => {
  for (const _ of table.settle());
}
const payment = aPayment({ payeeId: 'p1', deviceId: 'd1', ipAddress: '10.1.2.3' })
const holding = (...indicators: readonly Indicator[]): IntelTable => {
  const table = createIntelTable(hashText)
  for (const each of indicators) table.put(each)
  return table
}

describe('the table', () => {
  test('finds what lists a payment, with all that is to be told of it', () => {
    const indicator = anIndicator("[x-sluice-payee:value = 'p1']", {
      confidence: 85,
      modifiedAt: 77,
      createdBy: 'identity--1',
      tlp: 'AMBER',
    })
    const table = holding(indicator)
    const listing = { id: `indicator--${indicator.uuid}`, confidence: 85, modifiedAt: 77, tlp: 'AMBER' }
    expect(table.find('payee', payment, 5)).toEqual({ ...listing, source: 'identity--1' })
    table.nameSource('identity--1', 'The Exchange')
    expect(table.find('payee', payment, 5)?.source).toBe('The Exchange')
    expect(table.find('device', payment, 5)).toBeNull()
    expect(table.find('payee', aPayment({ payeeId: 'd1' }), 5)).toBeNull()
    expect(table.find('payee', aPayment({ payeeId: null }), 5)).toBeNull()
  })

  test('a token is nobody else by being of another kind', () => {
    expect(holding(anIndicator("[x-sluice-device:value = 'p1']")).find('payee', payment, 5)).toBeNull()
  })

  test('what ended long ago is forgotten, with its networks, and its place is free again', () => {
    const until = (until: number, pattern: string): Indicator => anIndicator(pattern, { until })
    const table = holding(
      until(100, "[x-sluice-payee:value = 'p1']"),
      until(300, "[x-sluice-payee:value = 'p1']"),
      ...Array.from({ length: 600 }, (_, i) =>
        until(150, `[ipv4-addr:value = '10.${i % 200}.0.0/${12 + (i % 8)}']`),
      ),
    )
    settle(table)
    for (const _ of table.expire(200));
    expect([table.size(), table.count('payee'), table.networks()]).toEqual([1, 1, 0])
    expect(table.find('payee', payment, 250)).not.toBeNull()
    expect(table.find('ip', payment, 50)).toBeNull()
    for (const _ of table.expire(301));
    expect(table.size()).toBe(0)
  })

  test('an indicator that says one thing many times takes one place of those that list it', () => {
    const often = anIndicator(`[x-sluice-payee:value IN (${Array(300).fill("'p1'").join(',')})]`, {
      confidence: 1,
    })
    const sure = anIndicator("[x-sluice-payee:value = 'p1']", { confidence: 95 })
    const table = createIntelTable(hashText)
    expect(table.put(often)).toEqual({ kind: 'listed', kept: 1, crowded: 0 })
    expect(table.put(sure)).toEqual({ kind: 'listed', kept: 1, crowded: 0 })
    expect(table.find('payee', payment, 5)?.confidence).toBe(95)
    table.remove(often.uuid)
    expect(table.count('payee')).toBe(1)
  })

  test('nor does one that names it together with many other things', () => {
    const some = (kind: string): string =>
      `[x-sluice-${kind}:value IN (${[1, 2, 3, 4, 5, 6].map((n) => `'${kind[0]}${n}'`).join(',')})]`
    const often = anIndicator(['payee', 'device', 'account', 'card'].map(some).join(' AND '), {
      confidence: 1,
    })
    const table = createIntelTable(hashText)
    expect(table.put(often)).toEqual({ kind: 'listed', kept: 24, crowded: 0 })
    table.put(anIndicator("[x-sluice-payee:value = 'p1']", { confidence: 95 }))
    expect(table.find('payee', payment, 5)?.confidence).toBe(95)
    const named = aPayment({ payeeId: 'p2', deviceId: 'd3', accountId: 'a4', cardToken: 'c5' })
    expect(table.find('payee', named, 5)?.confidence).toBe(1)
    expect(table.find('payee', { ...named, cardToken: 'c7' }, 5)).toBeNull()
  })

  test('an indicator lists from its beginning until its end', () => {
    const table = holding(anIndicator("[x-sluice-payee:value = 'p1']", { since: 10, until: 20 }))
    expect([9, 10, 19, 20].map((at) => table.find('payee', payment, at) !== null)).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  test('the newest version counts, in whatever order they come, and a deleted one is forgotten', () => {
    const one = anIndicator("[x-sluice-payee:value = 'p1']", { modifiedAt: 1 })
    const other = { ...one, ...compiled("[x-sluice-device:value = 'd1']"), modifiedAt: 2 }
    for (const versions of [
      [one, other],
      [other, one],
    ]) {
      const table = holding(...versions)
      expect(table.find('payee', payment, 5)).toBeNull()
      expect(table.find('device', payment, 5)).not.toBeNull()
      expect(table.size()).toBe(1)
      table.remove(one.uuid)
      expect(table.find('device', payment, 5)).toBeNull()
      expect([table.size(), table.count('device'), table.count('payee')]).toEqual([0, 0, 0])
    }
  })

  test('a revoked indicator lists nothing, and an older version does not bring it back', () => {
    const one = anIndicator("[ipv4-addr:value ISSUBSET '10.0.0.0/8']", { modifiedAt: 1 })
    const table = holding(one, { ...one, revoked: true, modifiedAt: 2 })
    expect(table.find('ip', payment, 5)).toBeNull()
    expect(table.put(one)).toEqual({ kind: 'stale' })
    settle(table)
    expect(table.find('ip', payment, 5)).toBeNull()
  })

  test('things that belong together list a payment that names all of them', () => {
    const table = holding(
      anIndicator("[ipv4-addr:value ISSUBSET '10.0.0.0/8'] AND [x-sluice-payee:value = 'p1']"),
    )
    expect(table.find('ip', payment, 5)).not.toBeNull()
    expect(table.find('payee', payment, 5)).not.toBeNull()
    expect(table.find('ip', aPayment({ ...payment, payeeId: 'p2' }), 5)).toBeNull()
    expect(table.find('payee', aPayment({ ...payment, ipAddress: '11.0.0.1' }), 5)).toBeNull()
  })

  test('a thing that very many list is listed by the first of them', () => {
    const table = createIntelTable(hashText)
    const put = () => table.put(anIndicator("[x-sluice-payee:value = 'p1']"))
    for (let i = 0; i < 255; i++) expect(put()).toMatchObject({ kept: 1, crowded: 0 })
    expect(put()).toMatchObject({ kept: 0, crowded: 1 })
    expect(table.find('payee', payment, 5)).not.toBeNull()
  })

  test('a listed domain lists the hosts below it, but no public suffix does', () => {
    const at = (pattern: string, host: string) =>
      holding(anIndicator(pattern)).findTerm({ kind: 'domain', key: host, network: null }, 5) !== null
    expect(at("[domain-name:value = 'example.co.uk']", 'www.mail.example.co.uk')).toBe(true)
    expect(at("[domain-name:value = 'www.example.com']", 'example.com')).toBe(false)
    expect(at("[domain-name:value = 'co.uk']", 'example.co.uk')).toBe(false)
    expect(at("[domain-name:value = 'appspot.com']", '1ca43.appspot.com')).toBe(false)
    expect(at("[domain-name:value = 'ample.com']", 'example.com')).toBe(false)
  })
})

describe('whatever is put in and taken out', () => {
  const quoted = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(',')
  const network = fc
    .tuple(
      fc.constantFrom('10', '11'),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom(0, 7, 8, 9, 15, 16, 24, 31, 32),
    )
    .map(([a, b, d, prefix]) => `${a}.${b}.0.${d}/${prefix}`)
  const network6 = fc
    .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 31, 32, 33, 64, 127, 128))
    .map(([a, prefix]) => `2001:db8:${a}::${a}/${prefix}`)
  const test4 = network.map((value) => `ipv4-addr:value = '${value}'`)
  const test6 = network6.map((value) => `ipv6-addr:value = '${value}'`)
  const payee = fc
    .uniqueArray(fc.constantFrom('p1', 'p2', 'p3'), { minLength: 1 })
    .map((some) => `x-sluice-payee:value IN (${quoted(some)})`)
  const device = fc.constantFrom('p1', 'd1', 'd2').map((some) => `x-sluice-device:value = '${some}'`)
  const one = fc.oneof(test4, test6, payee, device)
  const pattern = fc.oneof(
    one.map((each) => `[${each}]`),
    fc.tuple(one, fc.constantFrom('OR', 'AND'), one).map(([a, word, b]) => `[${a}] ${word} [${b}]`),
  )
  const uuids = Array.from({ length: 6 }, (_, i) => `00000000-0000-4000-8000-00000000000${i}`)
  const indicator = fc.record({
    uuid: fc.constantFrom(...uuids),
    pattern,
    modifiedAt: fc.integer({ min: 1, max: 5 }),
    revoked: fc.boolean(),
    since: fc.constantFrom(0, 10),
    until: fc.constantFrom(15, Infinity),
    confidence: fc.constantFrom(NaN, 0, 50, 100),
  })
  const step = fc.oneof(
    { weight: 6, arbitrary: indicator.map((put) => ({ put })) },
    { weight: 1, arbitrary: fc.constantFrom(...uuids).map((remove) => ({ remove })) },
    { weight: 1, arbitrary: fc.constant({ settle: true }) },
  )
  const asked = fc.record({
    payeeId: fc.constantFrom(null, 'p1', 'p2'),
    deviceId: fc.constantFrom(null, 'd1', 'p1'),
    ipAddress: fc.constantFrom(
      null,
      '10.0.0.1',
      '10.1.0.3',
      '11.2.0.0',
      '2001:db8:1::1',
      '2001:db8:2::9',
      '::ffff:10.0.0.2',
    ),
  })

  test('the table says what looking at every indicator says', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.array(asked, { minLength: 1, maxLength: 5 }),
        (steps, payments) => {
          const table = createIntelTable(hashText)
          const naive = createNaiveTable()
          for (const each of steps) {
            if ('put' in each) {
              const { pattern: text, ...fields } = each.put
              const made = anIndicator(text, fields)
              table.put(made)
              naive.put(made)
            } else if ('remove' in each) {
              table.remove(each.remove)
              naive.remove(each.remove)
            } else settle(table)
          }
          for (const each of payments)
            for (const at of [5, 12, 20])
              for (const subject of ['ip', 'payee', 'device'] as const)
                expect(table.find(subject, aPayment(each), at)?.id ?? null).toBe(
                  naive.find(subject, aPayment(each), at),
                )
        },
      ),
      { numRuns: 400 },
    )
  })
})
