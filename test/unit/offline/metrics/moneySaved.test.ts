import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moneySaved, type PricedPayment } from '../../../../src/offline/metrics/moneySaved.ts'

const some: readonly PricedPayment[] = [
  { score: 0.9, fraud: true, amountMinor: 10_000 },
  { score: 0.5, fraud: true, amountMinor: 300 },
  { score: 0.49, fraud: true, amountMinor: 7 },
  { score: 0.8, fraud: false, amountMinor: 20 },
  { score: 0.1, fraud: false, amountMinor: 5_000 },
  { score: NaN, fraud: true, amountMinor: 1 },
]

describe('money saved', () => {
  it('is what frauds from the threshold on would have cost; what had no score was missed', () => {
    expect(moneySaved(some, 0.5)).toEqual({
      threshold: 0.5,
      savedMinor: 10_300,
      missedMinor: 8,
      goodStoppedMinor: 20,
    })
  })

  it('is nothing where nothing is stopped, and nothing is lost where all with a score is', () => {
    expect(moneySaved(some, Infinity)).toMatchObject({
      savedMinor: 0,
      missedMinor: 10_308,
      goodStoppedMinor: 0,
    })
    expect(moneySaved(some, 0)).toMatchObject({ savedMinor: 10_307, missedMinor: 1, goodStoppedMinor: 5_020 })
  })

  it('and money missed are all that was defrauded, to the last unit, and a higher threshold saves no more', () => {
    const payment = fc.record({
      score: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(NaN)),
      fraud: fc.boolean(),
      amountMinor: fc.nat(1e9),
    })
    const threshold = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.array(payment), threshold, threshold, (payments, one, other) => {
        const defrauded = payments
          .filter(({ fraud }) => fraud)
          .reduce((sum, { amountMinor }) => sum + amountMinor, 0)
        const [low, high] = [Math.min(one, other), Math.max(one, other)].map((at) => moneySaved(payments, at))
        for (const money of [low, high])
          expect((money?.savedMinor ?? NaN) + (money?.missedMinor ?? NaN)).toBe(defrauded)
        expect(high?.savedMinor).toBeLessThanOrEqual(low?.savedMinor ?? NaN)
        expect(high?.goodStoppedMinor).toBeLessThanOrEqual(low?.goodStoppedMinor ?? NaN)
      }),
    )
  })
})
