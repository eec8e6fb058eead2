import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reasonCatalogue, unfitForModels } from '../../../src/decision/reasonCatalogue.ts'
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
  logOdds: null,
  explainedLogOdds: null,
  judged: 'BLOCK',
  exceptions: [],
  shed: [],
})
const ruled = assessed([
  { code: 'CARD_TESTING', contribution: null },
  { code: 'NEW_DEVICE', contribution: null },
])

const codesOfVersion0_1 = [
  'REMOTE_CONTROL',
  'SMS_READ_BY_APP',
  'DEVICE_COMPROMISED',
  'DEVICE_CONDITION',
  'NEW_DEVICE',
  'DEVICE_MANY_ACCOUNTS',
  'SIM_CHANGED',
  'CARD_TESTING',
  'MANY_CARDS_ONE_SOURCE',
  'ACCOUNT_TAKEOVER',
  'MULE_PAYEE',
  'MERCHANT_RISK',
  'CONFIRMED_FRAUD',
  'UNUSUAL_AMOUNT',
  'UNUSUAL_FREQUENCY',
  'UNUSUAL_TIME',
  'UNUSUAL_PAYMENT',
  'NEW_PAYEE',
  'CREDENTIALS_CHANGED',
  'IMPOSSIBLE_TRAVEL',
  'UNUSUAL_PLACE',
  'PAYEE_PLACE',
  'MODEL_SCORE',
  'MODEL_UNAVAILABLE',
  'FACTS_UNKNOWN',
  'DEGRADED_INPUTS',
  'LATE',
  'NO_SAFE_STEP_UP',
  'PAYMENT_ID_REUSED',
  'INVALID_PAYMENT',
]

describe('reasons of the model', () => {
  it('follow those of the policy, by contribution; a code that is there gains its share', () => {
    const contributions = [
      { code: 'UNUSUAL_TIME', contribution: 0.2 },
      { code: 'NEW_DEVICE', contribution: 0.5 },
      { code: 'UNUSUAL_AMOUNT', contribution: 1.5 },
    ]
    expect(withReasons(ruled, { logOdds: 3, contributions }).reasons).toEqual([
      { code: 'CARD_TESTING', contribution: null },
      { code: 'NEW_DEVICE', contribution: 0.5 },
      { code: 'UNUSUAL_AMOUNT', contribution: 1.5 },
      { code: 'UNUSUAL_TIME', contribution: 0.2 },
    ])
  })

  it('leave out what speaks for the payment, and what is not known', () => {
    const contributions = [0, -1, NaN, null].map((contribution, i) => ({ code: `R${i}`, contribution }))
    expect(withReasons(ruled, { logOdds: 3, contributions }).reasons).toEqual(ruled.reasons)
  })

  it('are the five largest, in falling order, and change nothing else', () => {
    const contribution = fc.double({ min: -2, max: 2 })
    fc.assert(
      fc.property(fc.array(contribution, { maxLength: 12 }), (shares) => {
        const contributions = shares.map((share, i) => ({ code: `R${i}`, contribution: share }))
        const { reasons, ...rest } = withReasons(ruled, { logOdds: 3, contributions })
        const { reasons: before, ...same } = ruled
        const explainedLogOdds = shares.some(Number.isNaN)
          ? null
          : shares.reduce((sum, share) => sum + share, 0)
        expect(rest).toEqual({ ...same, logOdds: 3, explainedLogOdds })
        expect(reasons.slice(0, 2)).toEqual(before)
        const largest = shares.filter((share) => share > 0).toSorted((a, b) => b - a)
        expect(reasons.slice(2).map((reason) => reason.contribution)).toEqual(largest.slice(0, 5))
      }),
    )
  })

  it('state the log-odds and the part that all groups explain, also of those that are no reasons', () => {
    const contributions = [1.5, -0.25, 0.5].map((contribution, i) => ({ code: `R${i}`, contribution }))
    expect(withReasons(ruled, { logOdds: 2.5, contributions })).toMatchObject({
      logOdds: 2.5,
      explainedLogOdds: 1.75,
    })
  })

  it('state nothing where the model could not score', () => {
    const contributions = [{ code: 'R0', contribution: NaN }]
    expect(withReasons(ruled, { logOdds: NaN, contributions })).toMatchObject({
      logOdds: null,
      explainedLogOdds: null,
    })
  })
})

describe('the catalogue', () => {
  it('keeps each code for ever: switches and reports match on them', () => {
    expect(Object.keys(reasonCatalogue)).toEqual(expect.arrayContaining(codesOfVersion0_1))
  })

  it('has words for operator and payer in both languages', () => {
    const han = /\p{Script=Han}/u
    for (const [code, text] of Object.entries(reasonCatalogue)) {
      for (const english of [text.operatorEn, text.payerEn]) expect(english, code).toMatch(/^[ -~]+$/)
      for (const chinese of [text.operatorZh, text.payerZh]) expect(chinese, code).toMatch(han)
    }
  })

  it('has the codes that a model may give: those with a finding', () => {
    expect(unfitForModels(['NEW_DEVICE', 'UNUSUAL_AMOUNT'])).toEqual([])
    expect(unfitForModels(['NEW_DEVICE', 'BURST', 'LATE'])).toEqual(['BURST', 'LATE'])
  })
})
