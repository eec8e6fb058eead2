import {
  readableSignals,
  type AttestationRecord,
  type DeviceHealth,
  type DeviceState,
  type Platform,
  type ReadableSignal,
  type SignalReading,
  type SignalState,
} from '../domain/deviceHealth.ts'
import { mergeAttestations, recordOfEvidence } from './attestationRecord.ts'

/** A value and when it was observed; null: nobody has said. */
export type Dated<T> = { readonly value: T; readonly at: number } | null

/**
 * All that was ever said of a device, newest first served: each part remembers its own time, so that a report
 * that holds some parts only does not wipe out the others.
 */
export type DeviceMemory = {
  readonly observedAt: number
  readonly platform: Dated<Platform>
  readonly osVersion: Dated<string>
  readonly patchLevel: Dated<string>
  readonly appVersion: Dated<string>
  /** In the order of `readableSignals`. */
  readonly readings: readonly Heard[]
  readonly attestation: AttestationRecord | undefined
}

/** What was said of one signal last, by an attester and by the device itself; null: nothing was. */
export type Heard = { readonly attested: SignalReading | null; readonly own: SignalReading | null }

/** At the same instant the more worrying state counts. */
const worry: Readonly<Record<SignalState, number>> = { HEALTHY: 0, UNKNOWN: 1, UNHEALTHY: 2 }

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const laterDated = <T extends string>(a: Dated<T>, b: Dated<T>): Dated<T> => {
  if (a === null || b === null) return a ?? b
  return (a.at - b.at || compareText(a.value, b.value)) >= 0 ? a : b
}

/** A total order, so that reports may come in any order, twice, or in parts. */
const compareReadings = (a: SignalReading, b: SignalReading): number =>
  a.observedAt - b.observedAt ||
  worry[a.state] - worry[b.state] ||
  Number(a.attested) - Number(b.attested) ||
  compareText(a.source, b.source) ||
  a.expiresAt - b.expiresAt

const laterReading = (a: SignalReading | null, b: SignalReading | null): SignalReading | null => {
  if (a === null || b === null) return a ?? b
  return compareReadings(a, b) >= 0 ? a : b
}

const laterHeard = (a: Heard, b: Heard): Heard => ({
  attested: laterReading(a.attested, b.attested),
  own: laterReading(a.own, b.own),
})

/**
 * The newer of both; but a device that an attester has found unhealthy does not heal by its own word, as long as what
 * the attester said holds.
 */
const counting = ({ attested, own }: Heard): SignalReading | null => {
  if (attested === null || own === null) return attested ?? own
  const holds = attested.state === 'UNHEALTHY' && own.observedAt < attested.expiresAt
  return holds ? attested : laterReading(attested, own)
}

/** Associative, commutative, idempotent; both are of the same device. */
export const mergeDevices = (a: DeviceMemory, b: DeviceMemory): DeviceMemory => ({
  observedAt: Math.max(a.observedAt, b.observedAt),
  platform: laterDated(a.platform, b.platform),
  osVersion: laterDated(a.osVersion, b.osVersion),
  patchLevel: laterDated(a.patchLevel, b.patchLevel),
  appVersion: laterDated(a.appVersion, b.appVersion),
  readings: readableSignals.map((_, i) => laterHeard(a.readings[i] ?? silence, b.readings[i] ?? silence)),
  attestation: mergeAttestations(a.attestation, b.attestation),
})

const dated = <T extends string>(value: T | null, at: number): Dated<T> =>
  value === null ? null : { value, at }

export const silence: Heard = { attested: null, own: null }

/** What the readings say of one signal. */
export const heardOf = (signal: ReadableSignal, readings: readonly SignalReading[]): Heard =>
  readings
    .filter((reading) => reading.signal === signal)
    .map((reading) =>
      reading.attested ? { attested: reading, own: null } : { attested: null, own: reading },
    )
    .reduce(laterHeard, silence)

/** What one report says. Signals that this build does not know are left out. */
export const deviceOfReport = (report: DeviceHealth): DeviceMemory => {
  const { observedAt, versionsAt = observedAt } = report
  return {
    observedAt,
    platform: dated(report.platform === 'UNKNOWN' ? null : report.platform, versionsAt),
    osVersion: dated(report.osVersion, versionsAt),
    patchLevel: dated(report.patchLevel, versionsAt),
    appVersion: dated(report.appVersion, versionsAt),
    readings: readableSignals.map((signal) => heardOf(signal, report.readings)),
    attestation: report.evidence && recordOfEvidence(report.evidence),
  }
}

/** Merges a report into what was known; null: nothing was. */
export const mergeReport = (known: DeviceMemory | null, report: DeviceHealth): DeviceMemory => {
  const said = deviceOfReport(report)
  return known === null ? said : mergeDevices(known, said)
}

export const deviceStateOf = (deviceId: string, device: DeviceMemory): DeviceState => ({
  deviceId,
  observedAt: device.observedAt,
  platform: device.platform?.value ?? 'UNKNOWN',
  osVersion: device.osVersion?.value ?? null,
  patchLevel: device.patchLevel?.value ?? null,
  appVersion: device.appVersion?.value ?? null,
  readings: device.readings.map(counting).filter((reading) => reading !== null),
  ...(device.attestation === undefined ? {} : { attestation: device.attestation }),
})
