import {
  readableSignals,
  type DeviceState,
  type ReadableSignal,
  type SignalReading,
} from '../domain/deviceHealth.ts'
import { protectionRank, type Protection, type ProtectionLevel } from '../domain/protection.ts'
import { standingOf, type AttestationStanding } from './attestationRecord.ts'
import { ageCaps, attestationCaps, hasSignal, signalCaps } from './protectionCaps.ts'

type Cap = { readonly level: ProtectionLevel; readonly reason: string }

const full: Protection = { level: 'FULL', reasons: [] }
const neverReported: Protection = { level: 'NONE', reasons: ['NOT_REPORTED'] }
/** The state cannot be read, or reports wait that may say otherwise. */
export const unknownProtection: Protection = { level: 'UNKNOWN', reasons: [] }

const capsBySignal: ReadonlyMap<string, { readonly unhealthy: Cap; readonly unknown: Cap }> = new Map(
  readableSignals.map((signal) => [
    signal,
    {
      unhealthy: { level: signalCaps[signal].unhealthy, reason: `${signal}_UNHEALTHY` },
      unknown: { level: signalCaps[signal].unknown, reason: `${signal}_UNKNOWN` },
    },
  ]),
)

const attestationFindings = ['replayed', 'failed', 'expired', 'missing'] as const
const attestationCapOf: Readonly<Record<keyof AttestationStanding, Cap>> = {
  replayed: { level: attestationCaps.replayed, reason: 'ATTESTATION_REPLAYED' },
  failed: { level: attestationCaps.failed, reason: 'ATTESTATION_FAILED' },
  expired: { level: attestationCaps.expired, reason: 'ATTESTATION_EXPIRED' },
  missing: { level: attestationCaps.missing, reason: 'ATTESTATION_MISSING' },
}

const readingOf = (state: DeviceState, signal: ReadableSignal): SignalReading | undefined =>
  state.readings.find((reading) => reading.signal === signal)

/** Bad news does not expire: only newer news takes it back. Good news does, and is then not known. */
const signalCap = (state: DeviceState, signal: ReadableSignal, at: number): Cap | null => {
  const reading = readingOf(state, signal)
  const caps = capsBySignal.get(signal)
  if (caps === undefined) return null
  if (reading?.state === 'UNHEALTHY') return caps.unhealthy
  if (reading?.state === 'HEALTHY' && reading.expiresAt > at) return null
  return hasSignal(state.platform, signal) ? caps.unknown : null
}

/** The newest of what is known was seen then; what was refused makes a device no younger. */
const newestReading = ({ readings }: DeviceState): number =>
  readings.reduce((newest, { observedAt }) => Math.max(newest, observedAt), -Infinity)

const capsOf = (state: DeviceState, at: number): readonly Cap[] => {
  const standing = standingOf(state, at)
  const age = at - newestReading(state)
  const aged = ageCaps.find(({ afterMs }) => age > afterMs)
  return [
    ...attestationFindings.flatMap((finding) => (standing[finding] ? [attestationCapOf[finding]] : [])),
    ...readableSignals.map((signal) => signalCap(state, signal, at)).filter((cap) => cap !== null),
    ...(aged === undefined ? [] : [aged]),
  ]
}

/**
 * How far a device protects a payment that is made with it: the lowest of what everything known, and not known, of it
 * allows, with the reasons that set it. `docs/device-health.md` has the table. Pure.
 * @param state null: the device is not named or never reported
 * @param at the payment's effectiveAt, epoch ms
 */
export const protectionOf = (state: DeviceState | 'unknown' | null, at: number): Protection => {
  if (state === 'unknown') return unknownProtection
  if (state === null) return neverReported
  const caps = capsOf(state, at)
  let level: ProtectionLevel = 'FULL'
  for (const cap of caps) if (protectionRank(cap.level) < protectionRank(level)) level = cap.level
  if (level === 'FULL') return full
  return { level, reasons: caps.filter((cap) => cap.level === level).map(({ reason }) => reason) }
}
