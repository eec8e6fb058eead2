import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  deviceSignals,
  signalStates,
  type DeviceState,
  type SignalReading,
} from '../../../src/domain/deviceHealth.ts'
import { deviceFeatures } from '../../../src/features/deviceFeatures.ts'
import { compileFeatures, defaultRetentionMs } from '../../../src/features/plan.ts'
import type { Recalled } from '../../../src/features/recalled.ts'
import { aReceived } from '../../support/payments.ts'

const received = aReceived()
const now = received.effectiveAt

const reading = (over: Partial<SignalReading>): SignalReading => ({
  signal: 'FIREWALL',
  state: 'HEALTHY',
  source: 'app',
  attested: false,
  observedAt: now - 1000,
  expiresAt: now + 1000,
  ...over,
})
const state = (...readings: readonly SignalReading[]): DeviceState => ({
  deviceId: 'dev-1',
  observedAt: now - 90_000,
  platform: 'ANDROID',
  osVersion: null,
  patchLevel: null,
  appVersion: null,
  readings,
})

const compute = (names: readonly string[], device: Recalled['device']) => {
  const row = new Float64Array(names.length).fill(-1)
  const nothing = { views: [null, null, null, null, null, null], coveredSince: [0, 0, 0, 0, 0, 0] }
  const hashes = { idLow: 0, idHigh: 0, entities: [0, 0, 0, 0, 0, 0] }
  const plan = compileFeatures(names, { retentionMs: defaultRetentionMs })
  const degraded = plan.compute({ received, hashes, amountBase: 1, ...nothing, device }, row)
  return { values: [...row], degraded }
}

const summary = ['reported', 'report_age', 'attested', 'unknown_count', 'expired_count'].map(
  (name) => `device.health.${name}`,
)
const signal = (name: string): string => `device.health.${name}`

describe('device health', () => {
  test('is 1 for unhealthy and 0 for healthy', () => {
    const device = state(reading({}), reading({ signal: 'REMOTE_ACCESS', state: 'UNHEALTHY' }))
    expect(compute([signal('firewall'), signal('remote_access'), signal('overlay')], device)).toEqual({
      values: [0, 1, NaN],
      degraded: [],
    })
  })

  test('is not known once it has expired', () => {
    const device = state(
      reading({ expiresAt: now }),
      reading({ signal: 'ANTIVIRUS', expiresAt: now + 1 }),
      reading({ signal: 'OVERLAY', state: 'UNHEALTHY', expiresAt: now - 1 }),
    )
    expect(compute([signal('firewall'), signal('antivirus'), signal('overlay')], device).values).toEqual([
      NaN,
      0,
      NaN,
    ])
  })

  test('is summed up', () => {
    const device = state(
      reading({ attested: true }),
      reading({ signal: 'ANTIVIRUS' }),
      reading({ signal: 'OVERLAY', attested: true, expiresAt: now - 1 }),
      reading({ signal: 'DEBUGGER', state: 'UNKNOWN' }),
      reading({ signal: 'UNKNOWN', state: 'HEALTHY' }),
    )
    expect(compute(summary, device).values).toEqual([1, 90, 0.5, 9, 1])
  })

  test('is unknown, not healthy, for a device that never reported', () => {
    expect(compute([...summary, signal('firewall')], null)).toEqual({
      values: [0, NaN, NaN, 12, 0, NaN],
      degraded: [],
    })
  })

  test('is lacking when the state cannot be read', () => {
    expect(compute([...summary, 'payment.hour'], 'unknown')).toEqual({
      values: [NaN, NaN, NaN, NaN, NaN, 12],
      degraded: ['device'],
    })
  })

  test('is healthy only where a current reading says so', () => {
    const readings = fc.subarray([...deviceSignals]).chain((signals) =>
      fc.tuple(
        ...signals.map((name) =>
          fc
            .record({
              state: fc.constantFrom(...signalStates),
              expiresAt: fc.integer({ min: now - 2, max: now + 2 }),
            })
            .map((over) => reading({ signal: name, ...over })),
        ),
      ),
    )
    fc.assert(
      fc.property(readings, (given) => {
        const { values } = compute(
          deviceFeatures.map(({ name }) => name),
          state(...given),
        )
        deviceSignals.forEach((name, index) => {
          const said = given.find((each) => each.signal === name)
          const healthy = said?.state === 'HEALTHY' && said.expiresAt > now
          expect(values[index] === 0).toBe(healthy)
        })
      }),
    )
  })
})
