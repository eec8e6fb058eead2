import { expect, test } from 'vitest'
import { createToBase } from '../../../src/features/baseCurrency.ts'

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
