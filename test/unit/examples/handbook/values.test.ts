import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toEpochMs, toMinor } from '../../../../examples/handbook/values.ts'

describe('an amount in minor units', () => {
  test.each([
    ['57.16', 5716],
    ['146.00', 14_600],
    ['0.00', 0],
    // 1.1 * 100 and 1.15 * 100 are no whole numbers.
    ['1.1', 110],
    ['1.15', 115],
    ['7', 700],
    ['10000000000.01', 1_000_000_000_001],
  ])('%s is %d', (text, minor) => expect(toMinor(text)).toBe(minor))

  test.each(['', '-1.00', '1.234', '1,5', '.5', '1.', '1e3', ' 1', 'NaN', '123456789012'])(
    '%j is none',
    (text) => expect(toMinor(text)).toBeUndefined(),
  )

  test('what is written with two decimals is read back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 13n - 1n }), (minor) => {
        const text = `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`
        expect(toMinor(text)).toBe(Number(minor))
      }),
    )
  })
})

describe('a time as epoch milliseconds', () => {
  test.each([
    ['2018-04-01T00:00:31Z', 1_522_540_831_000],
    ['2018-04-01 00:00:31', 1_522_540_831_000],
    ['2020-02-29T23:59:59Z', 1_583_020_799_000],
  ])('%s', (text, at) => expect(toEpochMs(text)).toBe(at))

  test.each([
    '',
    '1522540831000',
    '2018-04-01',
    '2018-02-30T00:00:00Z',
    '2019-02-29T00:00:00Z',
    '2018-04-01T24:00:00Z',
    '2018-04-01T00:60:00Z',
    '2018-04-01T00:00:31+02:00',
    '01/04/2018 00:00:31',
  ])('%j is none', (text) => expect(toEpochMs(text)).toBeUndefined())

  test('what is written in either way is read back, whatever the zone of the machine', () => {
    const seconds = fc.integer({ min: Date.UTC(1970) / 1000, max: Date.UTC(9999, 11, 31) / 1000 })
    fc.assert(
      fc.property(seconds, (second) => {
        const iso = new Date(second * 1000).toISOString().slice(0, 19)
        expect(toEpochMs(`${iso}Z`)).toBe(second * 1000)
        expect(toEpochMs(iso.replace('T', ' '))).toBe(second * 1000)
      }),
    )
  })
})
