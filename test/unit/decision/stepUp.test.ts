import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, features, policyText } from './policyOf.ts'
import { scoredWith, slotsOf } from './scored.ts'

const slots = slotsOf(features)
const screen = ['device.health.remote_access', 'device.health.overlay']
const stepUp = [
  { method: 'PASSKEY', unsafeIf: screen },
  { method: 'SMS_CODE', unsafeIf: ['device.health.sms_reader', 'device.health.sim_change'] },
  { method: 'CALL_BACK', unsafeIf: ['device.health.sim_change'], unknownIs: 'SAFE' },
  { method: 'BRANCH', when: 'f("amount") >= 500.0' },
]
const assessor = compile(policyText({ stepUp })).bind(slots)
const assess = (given: Readonly<Record<string, number>>, probability = 0.7) =>
  assessor.assess(scoredWith(slots, { probability, features: given }))

const healthy = {
  'device.health.remote_access': 0,
  'device.health.overlay': 0,
  'device.health.sms_reader': 0,
  'device.health.sim_change': 0,
}

describe('the step-up method', () => {
  it.each([
    ['the strongest on a healthy device', {}, 'PASSKEY'],
    ['none in the app while the screen is controlled', { 'device.health.remote_access': 1 }, 'SMS_CODE'],
    ['none in the app under an overlay', { 'device.health.overlay': 1 }, 'SMS_CODE'],
    [
      'no message to a phone whose messages are read',
      { 'device.health.overlay': 1, 'device.health.sms_reader': 1 },
      'CALL_BACK',
    ],
    [
      'nothing that goes to a new SIM',
      { 'device.health.overlay': 1, 'device.health.sim_change': 1, amount: 500 },
      'BRANCH',
    ],
    [
      'nothing unknown where unknown is unsafe',
      { 'device.health.overlay': NaN, 'device.health.sms_reader': NaN },
      'CALL_BACK',
    ],
    [
      'what the policy holds safe though unknown',
      { 'device.health.overlay': 1, 'device.health.sim_change': NaN },
      'CALL_BACK',
    ],
  ])('%s', (_, given, method) => {
    expect(assess({ ...healthy, ...given })).toMatchObject({ outcome: 'STEP_UP', stepUpMethod: method })
  })

  it.each([
    ['too small for a branch', 499],
    ['an amount that is not known', NaN],
  ])('none left is a block: %s', (_, amount) => {
    const assessed = assess({ ...healthy, 'device.health.overlay': 1, 'device.health.sim_change': 1, amount })
    expect(assessed).toMatchObject({ outcome: 'BLOCK', stepUpMethod: null, riskLevel: 'HIGH' })
    expect(assessed.reasons.map(({ code }) => code)).toEqual(['NO_SAFE_STEP_UP', 'MODEL_SCORE'])
  })

  it('is for STEP_UP only', () => {
    expect(assess(healthy, 0.1).stepUpMethod).toBeNull()
    expect(assess(healthy, 0.99).stepUpMethod).toBeNull()
  })

  it('an unknown fact is never worth more than a healthy one, and never asks what a bad one forbids', () => {
    const strength = (given: Readonly<Record<string, number>>): number => {
      const method = assess(given).stepUpMethod
      return method === null ? stepUp.length : stepUp.findIndex((each) => each.method === method)
    }
    const fact = fc.constantFrom(0, 1, NaN)
    fc.assert(
      fc.property(
        fc.record({ a: fact, b: fact, c: fact, d: fact, amount: fc.constantFrom(1, 900) }),
        fc.constantFrom(...Object.keys(healthy)),
        (row, name) => {
          const given = {
            'device.health.remote_access': row.a,
            'device.health.overlay': row.b,
            'device.health.sms_reader': row.c,
            'device.health.sim_change': row.d,
            amount: row.amount,
          }
          expect(strength({ ...given, [name]: NaN })).toBeGreaterThanOrEqual(
            strength({ ...given, [name]: 0 }),
          )
          expect(strength({ ...given, [name]: 1 })).toBeGreaterThanOrEqual(
            strength({ ...given, [name]: NaN }),
          )
        },
      ),
    )
  })
})
