import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SluiceError } from '../../../src/errors.ts'
import { listFeatures } from '../../../src/features/catalogue.ts'
import { parseFeatureName } from '../../../src/features/names.ts'
import { formatWindow, parseWindow } from '../../../src/features/windows.ts'

const message = (name: string): string => {
  try {
    parseFeatureName(name)
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'FEATURE_UNKNOWN') return error.message
    throw error
  }
  return 'no error'
}

describe('a feature name', () => {
  test('says entity, measure and window', () => {
    expect(parseFeatureName('account.count.10m')).toEqual({
      family: 'velocity',
      name: 'account.count.10m',
      entity: 'account',
      partner: null,
      measure: 'count',
      target: null,
      windowMs: 600_000,
      delayMs: 0,
    })
  })

  test('says what is counted, or which pair is meant', () => {
    expect(parseFeatureName('device.distinct_account.7d')).toMatchObject({
      measure: 'distinct',
      target: 'account',
    })
    expect(parseFeatureName('account_payee.since_first')).toMatchObject({
      entity: 'account',
      partner: 'payee',
      windowMs: null,
    })
    expect(parseFeatureName('account_merchant.count.30d')).toMatchObject({ partner: 'merchant' })
  })

  test('is one of the payment or the device', () => {
    expect(parseFeatureName('payment.channel_app')).toEqual({
      family: 'payment',
      name: 'payment.channel_app',
    })
    expect(parseFeatureName('device.health.remote_access')).toEqual({
      family: 'device',
      name: 'device.health.remote_access',
    })
    expect(parseFeatureName('device.count.1h').family).toBe('velocity')
  })

  test.each([
    ['acount.count.10m', 'account.count.10m'],
    ['account.cuont.7d', 'account.count.7d'],
    ['account.count', 'account.count.24h'],
    ['account.is_neww', 'account.is_new'],
    ['payment.ammount', 'payment.amount'],
    ['device.health.remote', 'device.health.reported'],
    ['device.distinct_acount.1h', 'device.distinct_account.1h'],
  ])('that is wrong, as %s, is answered with near ones', (wrong, near) => {
    expect(message(wrong)).toContain(near)
  })

  test.each([
    'account.count.10x',
    'account.count.0m',
    'account.count.10m.1h',
    'account.distinct_account.1h',
    'account_payee.distinct_payee.1h',
    'account_account.count.1h',
    'account_payee_card.count.1h',
    'account.distinct_payee',
    'toString.count.1h',
    'account.toString.1h',
    '',
  ])('%j is none', (wrong) => {
    expect(message(wrong)).toContain('there is no feature')
  })

  test('of the intelligence is about something that a payment names', () => {
    expect(parseFeatureName('intel.payee.age')).toEqual({ family: 'intel', name: 'intel.payee.age' })
    expect(message('intel.payee_listed')).toContain('there is no feature')
  })

  test('says how long before the payment its window ends', () => {
    expect(parseFeatureName('merchant.fraud_rate.30d@7d')).toMatchObject({
      measure: 'fraud_rate',
      windowMs: 30 * 86_400_000,
      delayMs: 7 * 86_400_000,
    })
  })

  test.each(['account.count.7d@', 'account.count.@7d', 'account.count.7d@0d', 'account.count.7d@1d@1d'])(
    '%s has no right delay',
    (name) => {
      expect(message(name)).toContain('there is no feature')
    },
  )

  test.each(['card.login_failed.1h', 'merchant.since_login', 'account_payee.fraud_count.7d'])(
    '%s asks for what is not noted there',
    (name) => {
      expect(message(name)).toContain('there is no feature')
    },
  )
})

test('every name of the catalogue is right', () => {
  const entries = listFeatures()
  expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length)
  for (const { name, sentence } of entries) {
    const example = name.replace('<entity>', 'account').replace('<entity>', 'payee').replace('<window>', '1h')
    expect(parseFeatureName(example.replaceAll(/[[\]]/g, '')).name).toBeTruthy()
    expect(sentence).toMatch(/\.$/)
  }
})

test('windows are written and read', () => {
  expect(['90s', '10m', '24h', '7d'].map(parseWindow)).toEqual([90_000, 600_000, 86_400_000, 604_800_000])
  expect(['', 'd', '1w', '-1d', '1.5h', '01h', '1 h', '12345678s'].map(parseWindow)).toEqual(
    Array(8).fill(null),
  )
  expect([90_000, 60_000, 7_200_000, 3_024_000_000].map(formatWindow)).toEqual(['90s', '1m', '2h', '35d'])
})

test('any text is a feature or an error that names near ones', () => {
  const part = fc.oneof(
    fc.constantFrom('account', 'account_card', 'count', 'is_new', '1h', 'payment', 'hour', ''),
    fc.string({ maxLength: 6 }),
  )
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 4 }).map((parts) => parts.join('.')),
      (text) => {
        expect(message(text)).toMatch(/^no error$|near ones: \S+, \S+, \S+$|not available/)
      },
    ),
    { numRuns: 50 },
  )
})
