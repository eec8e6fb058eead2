import { describe, expect, it } from 'vitest'
import { evidenceFor } from '../../../../src/offline/demo/evidence.ts'
import type { ManifestFeature } from '../../../../src/model/manifest.ts'

const feature = (name: string): ManifestFeature => ({
  name,
  mean: 0,
  scale: name === 'payment.amount' ? 1_000 : 1,
  whenMissing: 0,
  missingIndicator: true,
})

const model = {
  features: ['payment.amount', 'account.count.1h', 'device.is_new', 'payee.mean.7d'].map(feature),
  reasonGroups: [
    {
      code: 'UNUSUAL_AMOUNT',
      baseline: { 'payment.amount': 5_000, 'account.count.1h': 1, 'payee.mean.7d': null },
    },
  ],
}
const rules = [
  { reason: 'CARD_TESTING', when: 'f("card.count.10m") >= 6.0 && f( "card.mean.10m" ) < 1000.0' },
  { reason: 'NEW_PAYEE', when: 'f("account_payee.is_new") == 1.0' },
]

describe('the numbers behind a reason', () => {
  it("of a rule are those that the rule looks at; the model's say nothing of it", () => {
    const row = new Map([
      ['card.count.10m', 7],
      ['card.mean.10m', 150],
      ['payment.amount', 150],
    ])
    const evidence = evidenceFor(model, rules, { code: 'CARD_TESTING', contribution: null }, row)
    expect(evidence).toEqual([
      { feature: 'card.count.10m', value: 7, usual: null },
      { feature: 'card.mean.10m', value: 150, usual: null },
    ])
  })

  it('of the model are not those of a rule with the same reason, which may not have applied', () => {
    const row = new Map([
      ['card.count.10m', 1],
      ['payment.amount', 9_000],
    ])
    const sameReason = [{ reason: 'UNUSUAL_AMOUNT', when: 'f("card.count.10m") >= 6.0' }]
    const evidence = evidenceFor(model, sameReason, { code: 'UNUSUAL_AMOUNT', contribution: 0.1 }, row)
    expect(evidence.map(({ feature }) => feature)).toEqual(['payment.amount'])
  })

  it('of the model are those furthest from what is ordinary, by its own measure', () => {
    const row = new Map([
      ['payment.amount', 7_000],
      ['account.count.1h', 4],
      ['device.is_new', 1],
      ['payee.mean.7d', NaN],
    ])
    const evidence = evidenceFor(model, rules, { code: 'UNUSUAL_AMOUNT', contribution: 1.2 }, row)
    // 3 deviations, then 2; what is as usual, what is not known and what is of another group are left out.
    expect(evidence).toEqual([
      { feature: 'account.count.1h', value: 4, usual: 1 },
      { feature: 'payment.amount', value: 7_000, usual: 5_000 },
    ])
  })

  it('are none where the row could not be read', () => {
    expect(evidenceFor(model, rules, { code: 'UNUSUAL_AMOUNT', contribution: 1 }, new Map())).toEqual([])
  })
})
