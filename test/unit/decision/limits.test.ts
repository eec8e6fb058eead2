import { describe, expect, it } from 'vitest'
import { compile, features, policyText } from './policyOf.ts'
import { scoredWith, slotsOf } from './scored.ts'

const slots = slotsOf(features)
const limit = {
  id: 'few',
  of: 'count',
  atMost: 5,
  outcome: 'BLOCK',
  onUnknown: 'STEP_UP',
  reason: 'COUNT_LIMIT',
  finding: 'ABNORMAL_BEHAVIOUR',
  owner: 'tests',
  expires: '2026-07-01',
}
const expiresAt = Date.UTC(2026, 6, 1)

const outcomeAt = (count: number, effectiveAt = expiresAt - 1) =>
  compile(policyText({ limits: [limit] }))
    .bind(slots)
    .assess(scoredWith(slots, { features: { count }, effectiveAt })).outcome

describe('a limit', () => {
  it('lets pass as much as is allowed, stops what is more, and does not take what is not known for little', () => {
    expect([4, 5, 5.5, NaN].map((count) => outcomeAt(count))).toEqual(['ALLOW', 'ALLOW', 'BLOCK', 'STEP_UP'])
  })

  it('acts until it expires, and no longer', () => {
    expect(outcomeAt(6, expiresAt - 1)).toBe('BLOCK')
    expect([6, NaN].map((count) => outcomeAt(count, expiresAt))).toEqual(['ALLOW', 'ALLOW'])
  })
})
