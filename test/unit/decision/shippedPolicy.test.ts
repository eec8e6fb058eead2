import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compilePolicy } from '../../../src/decision/policy.ts'
import { noticeFeatures } from '../../../src/decision/notices.ts'
import { lackableInputs } from '../../../src/features/degraded.ts'
import { parseFeatureName } from '../../../src/features/names.ts'
import { scoredWith, slotsOf } from './scored.ts'

const isFeature = (name: string): string | null => {
  try {
    parseFeatureName(name)
    return null
  } catch (error) {
    return String(error)
  }
}

const file = new URL('../../../models/policy.yaml', import.meta.url)
const policy = compilePolicy(readFileSync(file, 'utf8'), { isFeature, degradedInputs: lackableInputs })
const slots = slotsOf(policy.features)
const assessor = policy.bind(slots)

/** An account on its usual, healthy device, paying a known payee an ordinary amount. */
const usual = {
  ...Object.fromEntries(noticeFeatures.map((name) => [name, 0])),
  'device.health.attestation_failed': 0,
  'device.health.attestation_replayed': 0,
  'device.protection_level': 3,
  'payment.amount': 4_000,
  'payment.speed_kmh': 20,
  'account_payee.is_new': 0,
  'account_device.is_new': 0,
  'account.zscore_amount.30d': 0.5,
  'card.count.10m': 1,
  'card.mean.10m': 4_000,
  'device.distinct_card.1h': 1,
  'ip.distinct_card.1h': 1,
  'payee.distinct_account.24h': 1,
}
const assess = (features: Readonly<Record<string, number>>, given: Parameters<typeof scoredWith>[1] = {}) =>
  assessor.assess(scoredWith(slots, { ...given, features: { ...usual, ...features } }))
const unknownDevice = Object.fromEntries(noticeFeatures.map((name) => [name, NaN]))

describe('the policy that ships', () => {
  it('lets the usual payment pass', () => {
    expect(assess({})).toMatchObject({ outcome: 'ALLOW', riskLevel: 'LOW', reasons: [], notices: [] })
  })

  it.each(['device.health.remote_access', 'device.health.screen_capture'])(
    'never asks in the app, nor by a message, while %s is seen; the same payment from a healthy device passes',
    (fact) => {
      for (const amount of [100, 4_000, 49_999]) {
        const watched = assess({ [fact]: 1, 'payment.amount': amount })
        expect(watched.outcome).not.toBe('ALLOW')
        expect(['PASSKEY', 'PUSH', 'TOTP', 'SMS_CODE']).not.toContain(watched.stepUpMethod)
        expect(watched.notices.map(({ severity }) => severity)).toContain('CRITICAL')
        expect(assess({ [fact]: 0, 'payment.amount': amount }).outcome).toBe('ALLOW')
      }
      expect(assess({ [fact]: 1, 'account_payee.is_new': 1 }).outcome).toBe('BLOCK')
      expect(assess({ [fact]: 1, 'payment.amount': 50_000 }).outcome).toBe('BLOCK')
    },
  )

  it('asks a healthy device by the most convenient method, and a phone of which nothing is known by a call', () => {
    expect(assess({}, { probability: 0.5 })).toMatchObject({ outcome: 'STEP_UP', stepUpMethod: 'PASSKEY' })
    expect(assess(unknownDevice, { probability: 0.5 })).toMatchObject({
      outcome: 'STEP_UP',
      stepUpMethod: 'CALL_BACK',
    })
  })

  it('sends no code to a phone whose messages are read or whose SIM was changed', () => {
    const controlled = { 'device.health.overlay': 1 }
    const sms = (fact: Readonly<Record<string, number>>) =>
      assess({ ...controlled, ...fact }, { probability: 0.5 })
    expect(sms({}).stepUpMethod).toBe('SMS_CODE')
    expect(sms({ 'device.health.sms_reader': 1 }).stepUpMethod).toBe('CALL_BACK')
    expect(sms({ 'device.health.sim_change': 1 })).toMatchObject({ outcome: 'BLOCK', stepUpMethod: null })
  })

  it('does not stop a small payment because a device is new or silent', () => {
    for (const amount of [100, 4_000, 29_000]) {
      const features = {
        ...unknownDevice,
        'account_device.is_new': 1,
        'account_payee.is_new': 1,
        'payment.amount': amount,
      }
      expect(assess(features).outcome).toBe('ALLOW')
    }
  })

  it.each([
    ['account-events', 100_000, 'TRANSFER'],
    ['risk-feedback', 100_000, 'TRANSFER'],
    ['device-health', 100_000, 'TRANSFER'],
  ] as const)(
    'confirms a large payment while %s lags, and lets a small one pass',
    (input, amount, method) => {
      const outcomeOf = (amountMinor: number) =>
        assess({ 'payment.amount': amountMinor }, { degraded: [input], payment: { method } }).outcome
      expect([amount - 1, amount].map(outcomeOf)).toEqual(['ALLOW', 'STEP_UP'])
    },
  )

  it('confirms a large payment that no model has judged, and lets a small one pass', () => {
    const outcomeOf = (amountMinor: number) =>
      assess({ 'payment.amount': amountMinor }, { degraded: ['model'], probability: NaN }).outcome
    expect([49_999, 50_000].map(outcomeOf)).toEqual(['ALLOW', 'STEP_UP'])
  })

  it('does not take a silent device for a healthy one', () => {
    const features = { 'account_payee.is_new': 1, 'payment.amount': 150_000 }
    expect(assess(features).outcome).toBe('ALLOW')
    expect(assess({ ...features, ...unknownDevice }, { probability: 0.05 }).outcome).toBe('STEP_UP')
  })

  it.each([
    ['messages are read', { 'device.health.sms_reader': 1 }, 'TRANSFER', 'STEP_UP'],
    [
      'the SIM is new, and so is the payee',
      { 'device.health.sim_change': 1, 'account_payee.is_new': 1 },
      'TRANSFER',
      'STEP_UP',
    ],
    ['cards are tried', { 'card.count.10m': 9, 'card.mean.10m': 120 }, 'CARD', 'BLOCK'],
    ['many cards on one device', { 'device.distinct_card.1h': 6 }, 'CARD', 'BLOCK'],
    [
      'many pay one payee',
      { 'payee.distinct_account.24h': 12, 'account_payee.is_new': 1 },
      'TRANSFER',
      'STEP_UP',
    ],
    [
      'a new device, and an amount unlike the account',
      { 'account_device.is_new': 1, 'account.zscore_amount.30d': 7, 'payment.amount': 60_000 },
      'TRANSFER',
      'STEP_UP',
    ],
    [
      'a rooted device',
      { 'device.health.system_integrity': 1, 'payment.amount': 40_000 },
      'TRANSFER',
      'STEP_UP',
    ],
  ] as const)('%s', (_, features, method, outcome) => {
    // The model is uneasy, but not enough to stop the payment by itself.
    expect(assess(features, { payment: { method }, probability: 0.05 }).outcome).toBe(outcome)
  })

  it('knows that nobody flies between two tills', () => {
    const at = (channel: 'POS' | 'WEB') =>
      assess({ 'payment.speed_kmh': 4_000 }, { payment: { channel, method: 'CARD' } })
    expect([at('POS').outcome, at('WEB').outcome]).toEqual(['STEP_UP', 'ALLOW'])
  })

  it('serves rules whose every finding is one of the six', () => {
    expect(policy.rules.length).toBeGreaterThanOrEqual(10)
    expect(new Set(policy.rules.map(({ finding }) => finding)).size).toBeGreaterThanOrEqual(4)
  })
})
