import { describe, expect, it } from 'vitest'
import { currencies } from '../../../src/domain/currency.ts'

describe('currencies', () => {
  it.each([
    ['EUR', '978', 2],
    ['JPY', '392', 0],
    ['KWD', '414', 3],
    ['CLF', '990', 4],
    ['IDR', '360', 2], // Intl says 0
    ['AFN', '971', 2], // Intl says 0
    ['ALL', '008', 2],
    ['XCG', '532', 2],
    ['ZWG', '924', 2],
  ])('has %s as ISO 4217 has it', (code, numeric, minorDigits) => {
    expect(currencies.get(code)).toEqual({ code, numeric, minorDigits })
  })

  it('has nothing that has no minor unit, and nothing withdrawn long ago', () => {
    for (const code of ['XAU', 'XDR', 'XTS', 'XXX', 'DEM', 'HRK', 'eur', '']) {
      expect(currencies.has(code)).toBe(false)
    }
  })

  it('is well-formed, each code once', () => {
    expect(currencies.size).toBe(168)
    for (const [code, currency] of currencies) {
      expect(code).toMatch(/^[A-Z]{3}$/)
      expect(currency.numeric).toMatch(/^\d{3}$/)
      expect([0, 2, 3, 4]).toContain(currency.minorDigits)
    }
  })

  it('shares a numeric code only between ANG and XCG, which took its place', () => {
    const all = [...currencies.values()]
    const shared = all.filter((one) => all.some((other) => other !== one && other.numeric === one.numeric))
    expect(shared.map(({ code }) => code)).toEqual(['ANG', 'XCG'])
  })
})
