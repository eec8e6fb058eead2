import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPan, looksLikePan } from '../../../src/domain/pan.ts'

const cards = [
  ['Visa', '4111111111111111'],
  ['Visa of 13 digits', '4222222222222'],
  ['Mastercard', '5555555555554444'],
  ['Mastercard, range 2', '2223003122003222'],
  ['American Express', '378282246310005'],
  ['Diners Club', '30569309025904'],
  ['Discover', '6011111111111117'],
  ['JCB', '3530111333300000'],
  ['UnionPay', '6200000000000005'],
  ['Maestro', '6759649826438453'],
  ['Maestro of 12 digits', '500000000009'],
] as const

describe('looksLikePan', () => {
  it.each(cards)('knows %s', (_, number) => {
    expect(isPan(number)).toBe(true)
    expect(looksLikePan(number)).toBe(true)
  })

  it.each([
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '3782-822463-10005',
    ' 4111111111111111 ',
    'pan=4111111111111111',
    'card:4111-1111-1111-1111;exp',
    '4111 1111 1111 1111 123',
    'tok_4111111111111111',
  ])('finds it in %j', (text) => {
    expect(looksLikePan(text)).toBe(true)
  })

  it.each([
    ['a wrong check digit', '4111111111111112'],
    ['a range that nobody issues', '1111111111111117'],
    ['a number that letters touch', 'a4111111111111111'],
    ['eleven digits', '41111111116'],
    ['twenty digits', '41111111111111111111'],
    ['a UUID', '55840000-2941-4123-8716-446655440000'],
    ['a time', '1763876543210'],
    ['nothing', ''],
  ])('is not misled by %s', (_, text) => {
    expect(looksLikePan(text)).toBe(false)
  })

  it('finds no card in UUIDs', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => !looksLikePan(uuid)),
      { numRuns: 20_000 },
    )
  })

  it('finds every card of sixteen digits wherever punctuation bounds it', () => {
    const edge = fc.constantFrom('', ':', '=', '_', ', ', '"', '/')
    fc.assert(
      fc.property(edge, fc.integer({ min: 0, max: 10 ** 11 - 1 }), edge, (before, middle, after) => {
        const body = `4000${String(middle).padStart(11, '0')}`
        return looksLikePan(`${before}${body}${checkDigit(body)}${after}`)
      }),
    )
  })
})

/** Luhn's rule the long way round: the digit that makes the check pass, by trial. */
const checkDigit = (body: string): number => {
  const sum = [...body].reduce((total, digit, index) => {
    const weighted = (body.length - index) % 2 === 1 ? 2 * Number(digit) : Number(digit)
    return total + (weighted > 9 ? weighted - 9 : weighted)
  }, 0)
  return (10 - (sum % 10)) % 10
}
