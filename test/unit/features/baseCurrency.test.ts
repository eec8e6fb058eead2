import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createToBase, type RateEntry } from '../../../src/features/baseCurrency.ts'

const toBase = createToBase({
  currency: 'EUR',
  rates: [
    { currency: 'JPY', validFrom: 2000, baseUnits: 0.005 },
    { currency: 'JPY', validFrom: 1000, baseUnits: 0.00625 },
    { currency: 'BHD', validFrom: 0, baseUnits: 2.5 },
  ],
})

test('the base currency stays as it is', () => {
  expect(toBase(1234, 'EUR', 0)).toBe(1234)
})

test('another currency is converted by the rate of the time, in minor units', () => {
  expect(toBase(1000, 'JPY', 1000)).toBe(625)
  expect(toBase(1000, 'JPY', 1999)).toBe(625)
  expect(toBase(1000, 'JPY', 2000)).toBe(500)
  expect(toBase(1000, 'BHD', 5)).toBe(250)
  expect(toBase(1, 'BHD', 5)).toBe(0)
})

test('without a rate for that time nothing is known', () => {
  expect(toBase(1000, 'JPY', 999)).toBeNaN()
  expect(toBase(1000, 'USD', 5000)).toBeNaN()
})

test('agrees with a search through the whole list', () => {
  const anyRates: fc.Arbitrary<readonly RateEntry[]> = fc.uniqueArray(
    fc.record({
      currency: fc.constantFrom('USD', 'JPY'),
      validFrom: fc.nat(30),
      baseUnits: fc.integer({ min: 1, max: 1000 }).map((thousandths) => thousandths / 1000),
    }),
    { selector: ({ currency, validFrom }) => `${currency} ${validFrom}`, maxLength: 40 },
  )
  const naive = (rates: readonly RateEntry[], amountMinor: number, currency: string, at: number): number => {
    let newest: RateEntry | undefined
    for (const entry of rates) {
      if (entry.currency !== currency || entry.validFrom > at) continue
      if (newest === undefined || entry.validFrom > newest.validFrom) newest = entry
    }
    const minorUnits = currency === 'JPY' ? 100 : 1
    return newest === undefined ? NaN : Math.round(amountMinor * (newest.baseUnits * minorUnits))
  }
  fc.assert(
    fc.property(anyRates, fc.nat(100_000), (rates, amountMinor) => {
      const convert = createToBase({ currency: 'EUR', rates })
      for (const currency of ['USD', 'JPY', 'CHF'])
        for (let at = -1; at <= 31; at++)
          expect(convert(amountMinor, currency, at)).toBe(naive(rates, amountMinor, currency, at))
    }),
  )
})
