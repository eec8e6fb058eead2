import {
  platforms,
  readableSignals,
  signalStates,
  type AttestationRecord,
  type SignalReading,
} from '../domain/deviceHealth.ts'
import { SluiceError } from '../errors.ts'
import { heardOf, type Dated, type DeviceMemory } from './deviceState.ts'

/**
 * A device as it is stored: 16 digits that stand for the content, then JSON. A reader that holds the same digits
 * need not read the rest; a writer replaces only what it has read.
 */
export const stampLength = 16
const valueVersion = 1

type StoredReading = readonly [
  signal: string,
  state: string,
  source: string,
  attested: 0 | 1,
  observedAt: number,
  expiresAt: number,
]
type StoredDated = readonly [string, number] | null
type StoredAttestation = readonly [
  verifiedAt: number | null,
  verifiedUntil: number | null,
  expiredAt: number | null,
  failedAt: number | null,
  replayedAt: number | null,
]
type Stored = readonly [
  version: number,
  observedAt: number,
  platform: StoredDated,
  osVersion: StoredDated,
  patchLevel: StoredDated,
  appVersion: StoredDated,
  /** Of one signal the attested one first. */
  readings: readonly StoredReading[],
  /** Earlier writers left it out, and earlier readers do not look. */
  attestation?: StoredAttestation | null,
]

const storeDated = (dated: Dated<string>): StoredDated => (dated === null ? null : [dated.value, dated.at])

const storeAttestation = (record: AttestationRecord): StoredAttestation => [
  record.verified?.at ?? null,
  record.verified?.expiresAt ?? null,
  record.expiredAt,
  record.failedAt,
  record.replayedAt,
]

const storeReading = (reading: SignalReading): StoredReading => [
  reading.signal,
  reading.state,
  reading.source,
  reading.attested ? 1 : 0,
  reading.observedAt,
  reading.expiresAt,
]

/** @param stampOf 16 digits of a keyed hash */
export const encodeDevice = (device: DeviceMemory, stampOf: (bytes: Buffer) => string): string => {
  const stored: Stored = [
    valueVersion,
    device.observedAt,
    storeDated(device.platform),
    storeDated(device.osVersion),
    storeDated(device.patchLevel),
    storeDated(device.appVersion),
    device.readings
      .flatMap(({ attested, own }) => [attested, own])
      .filter((reading) => reading !== null)
      .map(storeReading),
    device.attestation === undefined ? null : storeAttestation(device.attestation),
  ]
  const json = JSON.stringify(stored)
  return stampOf(Buffer.from(json)) + json
}

const readDated = (stored: StoredDated): Dated<string> => stored && { value: stored[0], at: stored[1] }

const oneOf = <T extends string>(known: readonly T[], text: string, otherwise: T): T =>
  known.find((each) => each === text) ?? otherwise

const readReading = (stored: StoredReading): SignalReading => {
  const [signal, state, source, attested, observedAt, expiresAt] = stored
  return {
    signal: oneOf<SignalReading['signal']>(readableSignals, signal, 'UNKNOWN'),
    state: oneOf(signalStates, state, 'UNKNOWN'),
    source,
    attested: attested === 1,
    observedAt,
    expiresAt,
  }
}

const readAttestation = (stored: StoredAttestation | null | undefined): AttestationRecord | undefined => {
  if (stored === undefined || stored === null) return undefined
  const [at, expiresAt, expiredAt, failedAt, replayedAt] = stored
  const verified = at === null || expiresAt === null ? null : { at, expiresAt }
  return { verified, expiredAt, failedAt, replayedAt }
}

const unreadable = (cause?: unknown): SluiceError =>
  new SluiceError('HISTORY_FORMAT_UNKNOWN', 'a device state that this build cannot read', { cause })

const parse = (text: string): Stored => {
  try {
    const stored = JSON.parse(text) as Stored
    if (Array.isArray(stored) && stored[0] === valueVersion && Array.isArray(stored[6])) return stored
  } catch (error) {
    throw unreadable(error)
  }
  throw unreadable()
}

/** Throws HISTORY_FORMAT_UNKNOWN. A value of another version is not guessed at. */
export const decodeDevice = (value: Buffer): DeviceMemory => {
  const [, observedAt, platform, osVersion, patchLevel, appVersion, stored, attestation] = parse(
    value.toString('utf8', stampLength),
  )
  const readings = stored.map(readReading)
  const platformRead = readDated(platform)
  return {
    observedAt,
    platform: platformRead && { value: oneOf(platforms, platformRead.value, 'UNKNOWN'), at: platformRead.at },
    osVersion: readDated(osVersion),
    patchLevel: readDated(patchLevel),
    appVersion: readDated(appVersion),
    readings: readableSignals.map((signal) => heardOf(signal, readings)),
    attestation: readAttestation(attestation),
  }
}

export const stampOf = (value: Buffer): string => value.toString('latin1', 0, stampLength)
