import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deviceSignals, type DeviceState } from '../../../src/domain/deviceHealth.ts'
import {
  degradedInputs,
  lagBit,
  nothingLags,
  sideInputs,
  type Lagging,
} from '../../../src/features/degraded.ts'
import { deviceFeatures } from '../../../src/features/deviceFeatures.ts'
import { noteMeasureNames, noteMeasures } from '../../../src/features/noteMeasures.ts'
import { compileFeatures, defaultRetentionMs } from '../../../src/features/plan.ts'
import type { Recalled } from '../../../src/features/recalled.ts'
import { recalledOf } from '../../support/histories.ts'
import { aPast, complete, happened, hour, labelled, minute, paid, self } from '../../support/pasts.ts'

const [events, devices, feedback] = [
  lagBit('account-events'),
  lagBit('device-health'),
  lagBit('risk-feedback'),
]
const all = events | devices | feedback

const earlier = aPast('earlier', minute)
const log = [
  paid(earlier, 'BLOCK'),
  labelled(earlier, 'FRAUD', minute / 2),
  happened('LOGIN_FAILED', 'x', minute),
  happened('PASSWORD_CHANGED', 'y', minute),
]

const phone = (at: number): DeviceState => ({
  deviceId: 'dev-1',
  observedAt: at - minute,
  platform: 'ANDROID',
  osVersion: null,
  patchLevel: null,
  appVersion: null,
  readings: (['FIREWALL', 'REMOTE_ACCESS'] as const).map((signal) => ({
    signal,
    state: signal === 'FIREWALL' ? 'HEALTHY' : 'UNHEALTHY',
    source: 'app',
    attested: true,
    observedAt: at - minute,
    expiresAt: at + hour,
  })),
})

const recalled = recalledOf(self(), log, complete)
const withDevice = (device: Recalled['device'], deviceId: string | null = 'dev-1'): Recalled => {
  const { received } = recalled
  return { ...recalled, device, received: { ...received, payment: { ...received.payment, deviceId } } }
}

const compute = (names: readonly string[], lagging: Lagging, given: Recalled = recalled) => {
  const row = new Float64Array(names.length).fill(-1)
  const degraded = compileFeatures(names, { retentionMs: defaultRetentionMs }).compute(given, row, lagging)
  return { values: [...row], degraded }
}

const nameOf = (measure: (typeof noteMeasureNames)[number]): string =>
  `account.${measure}${noteMeasures[measure].window === 'required' ? '.1h' : ''}`
const measuresOf = (source: string): readonly string[] =>
  noteMeasureNames.filter((name) => noteMeasures[name].source === source).map(nameOf)

describe('while a side topic lags', () => {
  test.each([
    ['account-events', events, measuresOf('accountEvents')],
    ['risk-feedback', feedback, measuresOf('feedback')],
  ] as const)('%s: what is told there is not known, and the decision says so', (input, bit, names) => {
    expect(names.length).toBeGreaterThan(4)
    expect(compute(names, bit)).toEqual({ values: names.map(() => NaN), degraded: [input] })
    const others = all & ~bit
    expect(compute(names, others)).toEqual({ ...compute(names, nothingLags), degraded: [] })
  })

  test('a count is unknown also where nothing was told: it may be waiting', () => {
    const names = ['account.login_failed.1h', 'account.fraud_count.7d']
    const nothing = recalledOf(self(), [], complete)
    expect(compute(names, nothingLags, nothing)).toEqual({ values: [0, 0], degraded: [] })
    expect(compute(names, events | feedback, nothing)).toEqual({
      values: [NaN, NaN],
      degraded: ['account-events', 'risk-feedback'],
    })
  })

  test('what is made of payments and decisions alone is as ever', () => {
    const names = ['account.count.1h', 'account.blocked_count.1h', 'account.since_last', 'payment.amount']
    expect(compute(names, all)).toEqual(compute(names, nothingLags))
    expect(compute(names, all)).toEqual({ values: [2, 1, 60, 100], degraded: [] })
  })

  test('an entity that the payment does not name has nothing to wait for', () => {
    expect(compute(['card.fraud_count.1h'], feedback)).toEqual({ values: [NaN], degraded: [] })
  })

  test('beside a history that cannot be read both are named', () => {
    const unreadable = recalledOf(self(), log, { ...complete, unreadable: ['account'] })
    expect(compute(['account.login_failed.1h'], events, unreadable)).toEqual({
      values: [NaN],
      degraded: ['account-events', 'history.account'],
    })
  })
})

describe('while the reports of devices lag', () => {
  const named = (part: string): string => `device.health.${part}`

  test('what the device has admitted stands, and what would speak for it does not', () => {
    const names = ['remote_access', 'firewall', 'overlay', 'reported'].map(named)
    const device = withDevice(phone(recalled.received.effectiveAt))
    expect(compute(names, nothingLags, device)).toEqual({ values: [1, 0, NaN, 1], degraded: [] })
    expect(compute(names, devices, device)).toEqual({ values: [1, NaN, NaN, 1], degraded: ['device-health'] })
  })

  test('what counts or dates the reports is not known, even where it is 1', () => {
    const names = ['report_age', 'attested', 'unknown_count', 'expired_count'].map(named)
    const state = {
      ...phone(recalled.received.effectiveAt),
      observedAt: recalled.received.effectiveAt - 1_000,
    }
    const known = compute(names, nothingLags, withDevice(state))
    expect(known.values).toEqual([1, 1, deviceSignals.length - 2, 0])
    expect(compute(names, devices, withDevice(state))).toEqual({
      values: [NaN, NaN, NaN, NaN],
      degraded: ['device-health'],
    })
  })

  test('a device that never reported may have by now', () => {
    expect(compute([named('reported')], devices, withDevice(null))).toEqual({
      values: [NaN],
      degraded: ['device-health'],
    })
  })

  test('a payment without a device waits for no report', () => {
    const names = deviceFeatures.map(({ name }) => name)
    const none = withDevice(null, null)
    expect(compute(names, devices, none)).toEqual(compute(names, nothingLags, none))
  })
})

test('each side input can be missing from a decision', () => {
  expect(degradedInputs).toEqual(expect.arrayContaining([...sideInputs]))
})

const anyName = fc.constantFrom(
  'payment.amount',
  'account.count.1h',
  ...noteMeasureNames.map(nameOf),
  ...deviceFeatures.map(({ name }) => name),
)
const anyLagging = fc.subarray([events, devices, feedback]).map((bits) => bits.reduce((a, b) => a | b, 0))

test('lagging changes no number but to unknown, and names an input only for a feature of its own', () => {
  const device = withDevice(phone(recalled.received.effectiveAt))
  fc.assert(
    fc.property(fc.array(anyName, { minLength: 1, maxLength: 8 }), anyLagging, (names, lagging) => {
      const [whole, lacking] = [compute(names, nothingLags, device), compute(names, lagging, device)]
      lacking.values.forEach((value, i) => {
        if (!Number.isNaN(value)) expect(value).toBe(whole.values[i])
      })
      const alone = names.map((name) => compute([name], lagging, device))
      expect(lacking.values).toEqual(alone.map(({ values }) => values[0]))
      expect(lacking.degraded).toEqual([...new Set(alone.flatMap(({ degraded }) => degraded))].toSorted())
    }),
  )
})
