import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketsOf, quantileOf } from '../../../../src/offline/demo/ownPart.ts'
import { createMetrics } from '../../../../src/ops/metrics.ts'

const limits = [0.0025, 0.005, 0.01, Infinity]
const bucketsFrom = (seconds: readonly number[]) =>
  limits.map((le) => ({ le, count: seconds.filter((value) => value <= le).length }))

describe('the own part', () => {
  it("is read from the processor's metrics", async () => {
    const { metrics, exposition } = createMetrics()
    for (const seconds of [0.0009, 0.003, 0.004, 2]) metrics.observeOwnPart(seconds)
    const buckets = bucketsOf(await exposition.render(), 'sluice_own_part_seconds')
    expect(buckets.find(({ le }) => le === 0.005)).toEqual({ le: 0.005, count: 3 })
    expect(buckets.at(-1)).toEqual({ le: Infinity, count: 4 })
  })

  it('is spread evenly over a bucket', () => {
    const quantile = quantileOf(bucketsFrom([0.003, 0.003, 0.004, 0.004]), 0.5)
    expect(quantile).toEqual({ value: 0.00375, from: 0.0025, to: 0.005 })
  })

  it('is not known beyond the last limit, or where nothing was counted', () => {
    expect(quantileOf(bucketsFrom([0.001, 5]), 0.99)).toEqual({ value: null, from: 0.01, to: Infinity })
    expect(quantileOf(bucketsFrom([]), 0.5).value).toBeNull()
    expect(quantileOf([], 0.5).value).toBeNull()
  })

  it('lies in the bucket of the true quantile', () => {
    const values = fc.array(fc.double({ min: 0, max: 0.01, noNaN: true }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(values, fc.constantFrom(0.5, 0.9, 0.99), (seconds, share) => {
        const { value, from, to } = quantileOf(bucketsFrom(seconds), share)
        const exact = seconds.toSorted((a, b) => a - b)[Math.ceil(share * seconds.length - 1e-9) - 1] ?? NaN
        expect(exact).toBeLessThanOrEqual(to)
        expect(exact).toBeGreaterThanOrEqual(from)
        expect(value).toBeGreaterThanOrEqual(from)
        expect(value).toBeLessThanOrEqual(to)
      }),
    )
  })
})
