import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withReasons } from '../../../src/decision/reasons.ts'
import type { Assessed, Reason } from '../../../src/domain/decision.ts'
import { scoredWith } from './scored.ts'

const assessed = (reasons: readonly Reason[]): Assessed => ({
  ...scoredWith(new Map()),
  outcome: 'BLOCK',
  riskLevel: 'HIGH',
  reasons,
  stepUpMethod: null,
  notices: [],
})
const ruled = assessed([
  { code: 'CARD_TESTING', contribution: null },
  { code: 'NEW_DEVICE', contribution: null },
])

describe('reasons of the model', () => {
  it('follow those of the policy, by contribution; a code that is there gains its share', () => {
    const contributions = [
      { code: 'UNUSUAL_TIME', contribution: 0.2 },
      { code: 'NEW_DEVICE', contribution: 0.5 },
      { code: 'UNUSUAL_AMOUNT', contribution: 1.5 },
    ]
    expect(withReasons(ruled, contributions).reasons).toEqual([
      { code: 'CARD_TESTING', contribution: null },
      { code: 'NEW_DEVICE', contribution: 0.5 },
      { code: 'UNUSUAL_AMOUNT', contribution: 1.5 },
      { code: 'UNUSUAL_TIME', contribution: 0.2 },
    ])
  })

  it('leave out what speaks for the payment, and what is not known', () => {
    const contributions = [0, -1, NaN, null].map((contribution, i) => ({ code: `R${i}`, contribution }))
    expect(withReasons(ruled, contributions)).toEqual(ruled)
  })

  it('are the five largest, in falling order, and change nothing else', () => {
    const contribution = fc.double({ min: -2, max: 2 })
    fc.assert(
      fc.property(fc.array(contribution, { maxLength: 12 }), (shares) => {
        const contributions = shares.map((share, i) => ({ code: `R${i}`, contribution: share }))
        const { reasons, ...rest } = withReasons(ruled, contributions)
        const { reasons: before, ...same } = ruled
        expect(rest).toEqual(same)
        expect(reasons.slice(0, 2)).toEqual(before)
        const largest = shares.filter((share) => share > 0).toSorted((a, b) => b - a)
        expect(reasons.slice(2).map((reason) => reason.contribution)).toEqual(largest.slice(0, 5))
      }),
    )
  })
})
