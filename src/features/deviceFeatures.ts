import {
  deviceJudgements,
  deviceSignals,
  type DeviceJudgement,
  type DeviceState,
} from '../domain/deviceHealth.ts'
import { protectionRank } from '../domain/protection.ts'
import { standingOf } from './attestationRecord.ts'
import { deviceBit } from './degraded.ts'
import { protectionOf } from './protection.ts'
import type { Placed, Step } from './step.ts'

/** What a device's state says at the time of a payment; one cell for each feature, in their order. */
const features = [
  ...deviceSignals.map((signal) => ({
    name: `device.health.${signal.toLowerCase()}`,
    sentence: `1 if ${signal} is unhealthy, 0 if it is healthy; unknown if the device does not say or what it said has expired.`,
  })),
  {
    name: 'device.health.reported',
    sentence: '1 if the device ever reported, 0 if it never did or is not named.',
  },
  { name: 'device.health.report_age', sentence: 'Seconds since the newest report.' },
  { name: 'device.health.attested', sentence: 'Share of the current signals that an attester confirmed.' },
  {
    name: 'device.health.unknown_count',
    sentence: 'Signals of which the device never said how they are, all of them if it never reported.',
  },
  {
    name: 'device.health.expired_count',
    sentence: 'Signals of which the device has not said how they are for too long.',
  },
  {
    name: 'device.health.compliance',
    sentence:
      '1 if who manages the device finds that it breaks the rules, 0 if it keeps them; unknown if nobody says.',
  },
  {
    name: 'device.health.risk_level',
    sentence: '1 if who watches the device finds it at risk, 0 if not; unknown if nobody says.',
  },
  {
    name: 'device.health.attestation_missing',
    sentence: '1 if no attestation of the device ever came, 0 if one did.',
  },
  {
    name: 'device.health.attestation_expired',
    sentence: '1 if the last attestation came too late or no longer holds, 0 otherwise.',
  },
  {
    name: 'device.health.attestation_failed',
    sentence: '1 if an attestation could not be verified, and none was since; 0 otherwise.',
  },
  {
    name: 'device.health.attestation_replayed',
    sentence: '1 if an attestation had been used before, and none was verified since; 0 otherwise.',
  },
  {
    name: 'device.protection_level',
    sentence:
      'How far the device protects the payment: 3 fully, 2 guarded, 1 restricted, 0 not at all or nothing is known.',
  },
] as const

export const deviceFeatures: readonly { readonly name: string; readonly sentence: string }[] = features

const signals = deviceSignals.length

const statements: ReadonlySet<string> = new Set(
  features
    .slice(0, signals)
    .map(({ name }) => name)
    .concat(
      'device.health.reported',
      'device.health.compliance',
      'device.health.risk_level',
      'device.health.attestation_failed',
      'device.health.attestation_replayed',
    ),
)

/** Whether a 1 is what the device itself has said: that something is unhealthy, or anything at all. */
export const isDeviceStatement = (name: string): boolean => statements.has(name)

/** Nothing is known of a device that never reported: no signal is healthy, all are unknown. */
const unreported = [...deviceSignals.map(() => NaN), 0, NaN, NaN, signals, 0, NaN, NaN, 1, 0, 0, 0, 0]

/**
 * The features' values in their order: the signals, then reported, report age, attested, unknown, expired, the
 * judgements, the attestation's standing, and the level of protection.
 */
export const readDevice = (state: DeviceState, at: number): readonly number[] => {
  const values: number[] = deviceSignals.map(() => NaN)
  let unknown = signals
  let expired = 0
  let attested = 0
  for (const reading of state.readings) {
    const signal = deviceSignals.findIndex((name) => name === reading.signal)
    if (signal < 0 || reading.state === 'UNKNOWN') continue
    unknown--
    if (reading.expiresAt <= at) {
      expired++
      continue
    }
    values[signal] = reading.state === 'UNHEALTHY' ? 1 : 0
    if (reading.attested) attested++
  }
  const current = signals - unknown - expired
  const standing = standingOf(state, at)
  return [
    ...values,
    1,
    (at - state.observedAt) / 1000,
    current === 0 ? NaN : attested / current,
    unknown,
    expired,
    ...deviceJudgements.map((name) => judgementOf(state, name, at)),
    Number(standing.missing),
    Number(standing.expired),
    Number(standing.failed),
    Number(standing.replayed),
    protectionRank(protectionOf(state, at).level),
  ]
}

const judgementOf = ({ readings }: DeviceState, name: DeviceJudgement, at: number): number => {
  const reading = readings.find(({ signal }) => signal === name)
  if (reading === undefined || reading.state === 'UNKNOWN' || reading.expiresAt <= at) return NaN
  return reading.state === 'UNHEALTHY' ? 1 : 0
}

/** A step for those of the named features that are about the device's health. A state holds each signal once. */
export const compileDeviceFeatures = (names: readonly Placed<string>[]): readonly Step[] => {
  const wanted = names.flatMap(({ index, spec }) => {
    const at = features.findIndex(({ name }) => name === spec)
    return at < 0 ? [] : [{ index, at }]
  })
  if (wanted.length === 0) return []
  return [
    ({ device, received }, row) => {
      if (device === 'unknown') {
        for (const { index } of wanted) row[index] = NaN
        return deviceBit
      }
      const values = device === null ? unreported : readDevice(device, received.effectiveAt)
      for (const { index, at } of wanted) row[index] = values[at] ?? NaN
      return 0
    },
  ]
}
