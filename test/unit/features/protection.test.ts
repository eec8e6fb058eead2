import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  platforms,
  readableSignals,
  signalStates,
  type DeviceState,
  type SignalReading,
  type SignalState,
} from '../../../src/domain/deviceHealth.ts'
import { protectionLevels, protectionRank } from '../../../src/domain/protection.ts'
import { lagBit, nothingLags } from '../../../src/features/degraded.ts'
import { compileFeatures, defaultRetentionMs } from '../../../src/features/plan.ts'
import { protectionOf } from '../../../src/features/protection.ts'
import { attestationCaps, signalCaps } from '../../../src/features/protectionCaps.ts'
import { protectionSeen } from '../../../src/features/protectionSeen.ts'
import type { Recalled } from '../../../src/features/recalled.ts'
import { recalledOf } from '../../support/histories.ts'
import { complete, self } from '../../support/pasts.ts'

const at = Date.UTC(2026, 0, 15, 12)
const hour = 3_600_000
const day = 24 * hour

const reading = (over: Partial<SignalReading>): SignalReading => ({
  signal: 'FIREWALL',
  state: 'HEALTHY',
  source: 'app',
  attested: true,
  observedAt: at - hour,
  expiresAt: at + day,
  ...over,
})

const healthy: DeviceState = {
  deviceId: 'dev-1',
  observedAt: at - hour,
  platform: 'ANDROID',
  osVersion: null,
  patchLevel: null,
  appVersion: null,
  readings: readableSignals.map((signal) => reading({ signal })),
}

const having = (signal: SignalReading['signal'], over: Partial<SignalReading> | null): DeviceState => ({
  ...healthy,
  readings: healthy.readings.flatMap((each) => {
    if (each.signal !== signal) return [each]
    return over === null ? [] : [{ ...each, ...over }]
  }),
})

const nothing = { verified: null, expiredAt: null, failedAt: null, replayedAt: null }
const rank = (state: DeviceState | null, when = at): number => protectionRank(protectionOf(state, when).level)

describe('the level of protection', () => {
  test('is full where all is well, known, attested and fresh', () => {
    expect(protectionOf(healthy, at)).toEqual({ level: 'FULL', reasons: [] })
  })

  test('is none where nothing is known', () => {
    expect(protectionOf(null, at)).toEqual({ level: 'NONE', reasons: ['NOT_REPORTED'] })
    expect(protectionOf('unknown', at)).toEqual({ level: 'UNKNOWN', reasons: [] })
    expect(protectionOf({ ...healthy, readings: [] }, at).level).toBe('NONE')
  })

  test.each(readableSignals)('is what the table says where %s is unhealthy', (signal) => {
    expect(protectionOf(having(signal, { state: 'UNHEALTHY' }), at)).toEqual({
      level: signalCaps[signal].unhealthy,
      reasons: [`${signal}_UNHEALTHY`],
    })
  })

  test('names only what keeps it from being higher', () => {
    const state = having('FIREWALL', { state: 'UNHEALTHY' })
    const readings = state.readings.map((each) =>
      each.signal === 'SMS_READER' || each.signal === 'OVERLAY'
        ? { ...each, state: 'UNHEALTHY' as const }
        : each,
    )
    expect(protectionOf({ ...state, readings }, at)).toEqual({
      level: 'RESTRICTED',
      reasons: ['OVERLAY_UNHEALTHY', 'SMS_READER_UNHEALTHY'],
    })
  })

  test('does not ask a platform for what it does not have', () => {
    expect(protectionOf(having('FIREWALL', null), at).level).toBe('FULL')
    expect(protectionOf({ ...having('FIREWALL', null), platform: 'WINDOWS' }, at)).toEqual({
      level: 'GUARDED',
      reasons: ['FIREWALL_UNKNOWN'],
    })
  })

  test.each([
    [{ ...nothing, replayedAt: at }, 'ATTESTATION_REPLAYED', attestationCaps.replayed],
    [{ ...nothing, failedAt: at }, 'ATTESTATION_FAILED', attestationCaps.failed],
    [{ ...nothing, expiredAt: at }, 'ATTESTATION_EXPIRED', attestationCaps.expired],
  ])('falls with a finding %#', (attestation, reason, level) => {
    expect(protectionOf({ ...healthy, attestation }, at)).toEqual({ level, reasons: [reason] })
  })

  test('misses an attestation that never came, and one that no longer holds', () => {
    const own = healthy.readings.map((each) => ({ ...each, attested: false }))
    expect(protectionOf({ ...healthy, readings: own }, at).reasons).toEqual(['ATTESTATION_MISSING'])
    const lapsed = { ...nothing, verified: { at: at - day, expiresAt: at } }
    expect(protectionOf({ ...healthy, readings: own, attestation: lapsed }, at).reasons).toEqual([
      'ATTESTATION_EXPIRED',
    ])
  })

  test('rises again with what is verified after a finding', () => {
    const verified = { at: at - 1, expiresAt: at + day }
    const after = { ...nothing, verified, failedAt: at - 2, replayedAt: at - 2 }
    expect(protectionOf({ ...healthy, attestation: after }, at).level).toBe('FULL')
    const before = { ...after, verified: { ...verified, at: at - 2 } }
    const early = healthy.readings.map((each) => ({ ...each, observedAt: at - hour }))
    expect(protectionOf({ ...healthy, readings: early, attestation: before }, at).level).toBe('NONE')
  })

  test('lets good news expire', () => {
    expect(protectionOf(having('OVERLAY', { expiresAt: at + 1 }), at).level).toBe('FULL')
    expect(protectionOf(having('OVERLAY', { expiresAt: at }), at)).toEqual({
      level: 'GUARDED',
      reasons: ['OVERLAY_UNKNOWN'],
    })
  })

  test('keeps bad news that has expired', () => {
    const state = having('REMOTE_ACCESS', { state: 'UNHEALTHY', expiresAt: at - 1 })
    expect(protectionOf(state, at).level).toBe('NONE')
  })
})

const anyReading = (signal: (typeof readableSignals)[number]): fc.Arbitrary<SignalReading | null> =>
  fc.option(
    fc.record({
      signal: fc.constant(signal),
      state: fc.constantFrom(...signalStates),
      source: fc.constant('app'),
      attested: fc.boolean(),
      observedAt: fc.integer({ min: at - 40 * day, max: at }),
      expiresAt: fc.integer({ min: at - day, max: at + 10 * day }),
    }),
  )
const anyMoment = fc.option(fc.integer({ min: at - 40 * day, max: at }))
const anyState: fc.Arbitrary<DeviceState> = fc
  .record({
    platform: fc.constantFrom(...platforms),
    readings: fc.tuple(...readableSignals.map(anyReading)),
    attestation: fc.record({
      verified: fc.option(
        fc.record({
          at: fc.integer({ min: at - 40 * day, max: at }),
          expiresAt: fc.integer({ min: at - day, max: at + 10 * day }),
        }),
      ),
      expiredAt: anyMoment,
      failedAt: anyMoment,
      replayedAt: anyMoment,
    }),
  })
  .map(({ readings, ...rest }) => ({
    ...healthy,
    ...rest,
    readings: readings.filter((each) => each !== null),
  }))

const worse: Readonly<Record<SignalState, readonly SignalState[]>> = {
  HEALTHY: ['UNKNOWN', 'UNHEALTHY'],
  UNKNOWN: ['UNHEALTHY'],
  UNHEALTHY: [],
}

describe('as laws', () => {
  test('a worse signal never raises it, and not knowing is never better than healthy', () => {
    fc.assert(
      fc.property(anyState, fc.nat(), fc.nat(), (state, which, how) => {
        const target = state.readings[which % Math.max(1, state.readings.length)]
        fc.pre(target !== undefined && worse[target.state].length > 0)
        const options = worse[target.state]
        const made = options[how % options.length] ?? 'UNHEALTHY'
        const worsened = state.readings.map((each) => (each === target ? { ...each, state: made } : each))
        expect(rank({ ...state, readings: worsened })).toBeLessThanOrEqual(rank(state))
      }),
      { numRuns: 2_000 },
    )
  })

  test('falling silent never raises it above healthy', () => {
    fc.assert(
      fc.property(anyState, fc.constantFrom(...readableSignals), (state, signal) => {
        const others = state.readings.filter((each) => each.signal !== signal)
        const silent = rank({ ...state, readings: others })
        const well = rank({ ...state, readings: [...others, reading({ signal, attested: false })] })
        expect(silent).toBeLessThanOrEqual(well)
      }),
      { numRuns: 1_000 },
    )
  })

  test('age never raises it', () => {
    fc.assert(
      fc.property(anyState, fc.nat(50 * day), fc.nat(50 * day), (state, a, b) => {
        const [early, late] = a < b ? [a, b] : [b, a]
        expect(rank(state, at + late)).toBeLessThanOrEqual(rank(state, at + early))
      }),
      { numRuns: 2_000 },
    )
  })

  test('a finding never raises it', () => {
    const findings = ['expiredAt', 'failedAt', 'replayedAt'] as const
    fc.assert(
      fc.property(anyState, fc.constantFrom(...findings), (state, finding) => {
        const attestation = { ...(state.attestation ?? nothing), [finding]: at }
        expect(rank({ ...state, attestation })).toBeLessThanOrEqual(rank(state))
      }),
      { numRuns: 1_000 },
    )
  })

  test('it has reasons unless it is full, and is what the feature says', () => {
    const plan = compileFeatures(['device.protection_level'], { retentionMs: defaultRetentionMs })
    const recalled = recalledOf(self(), [], complete)
    fc.assert(
      fc.property(fc.oneof(anyState, fc.constant(null), fc.constant('unknown' as const)), (device) => {
        const given: Recalled = { ...recalled, device }
        for (const lagging of [nothingLags, lagBit('device-health')]) {
          const protection = protectionSeen(given, lagging)
          expect(protection.reasons.length > 0).toBe(!['FULL', 'UNKNOWN'].includes(protection.level))
          const row = new Float64Array(1)
          plan.compute(given, row, lagging)
          expect(row[0]).toEqual(protectionRank(protection.level))
        }
      }),
    )
  })
})

test('levels are ranked, and the unknown one is not', () => {
  expect(protectionLevels.map(protectionRank)).toEqual([NaN, 0, 1, 2, 3])
})
