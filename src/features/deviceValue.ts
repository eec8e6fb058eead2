import {
  deviceSignals,
  platforms,
  signalStates,
  type DeviceSignal,
  type SignalReading,
} from '../domain/deviceHealth.ts'
import { SluiceError } from '../errors.ts'
import type { Dated, DeviceMemory } from './deviceState.ts'

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
type Stored = readonly [
  version: number,
  observedAt: number,
  platform: StoredDated,
  osVersion: StoredDated,
  patchLevel: StoredDated,
  appVersion: StoredDated,
  readings: readonly StoredReading[],
]

const storeDated = (dated: Dated<string>): StoredDated => (dated === null ? null : [dated.value, dated.at])

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
    device.readings.filter((reading) => reading !== null).map(storeReading),
  ]
  const json = JSON.stringify(stored)
  return stampOf(Buffer.from(json)) + json
}

const readDated = (stored: StoredDated): Dated<string> => stored && { value: stored[0], at: stored[1] }

const oneOf = <T extends string>(known: readonly T[], text: string, otherwise: T): T =>
  known.find((each) => each === text) ?? otherwise

const readReading = (signal: DeviceSignal, stored: StoredReading): SignalReading => {
  const [, state, source, attested, observedAt, expiresAt] = stored
  const known = oneOf(signalStates, state, 'UNKNOWN')
  return { signal, state: known, source, attested: attested === 1, observedAt, expiresAt }
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
  const [, observedAt, platform, osVersion, patchLevel, appVersion, readings] = parse(
    value.toString('utf8', stampLength),
  )
  const platformRead = readDated(platform)
  return {
    observedAt,
    platform: platformRead && { value: oneOf(platforms, platformRead.value, 'UNKNOWN'), at: platformRead.at },
    osVersion: readDated(osVersion),
    patchLevel: readDated(patchLevel),
    appVersion: readDated(appVersion),
    readings: deviceSignals.map((signal) => {
      const found = readings.find(([name]) => name === signal)
      return found === undefined ? null : readReading(signal, found)
    }),
  }
}

export const stampOf = (value: Buffer): string => value.toString('latin1', 0, stampLength)
