import {
  documentFormats,
  platforms,
  readableSignals,
  signalStates,
  type DeviceReport,
  type HealthDocument,
  type SignalReading,
} from '../../domain/deviceHealth.ts'
import { fault, list, nullable, record, type Check } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import type { Schemas } from './schemas.ts'
import { createSideDecoder, type SideDecoder, type SideDecoderDeps } from './sideDecoder.ts'
import * as value from './values.ts'

const longestVersion = 64
const longestReadings = 64

const checkReading: Check<SignalReading> = record<SignalReading>(
  {
    signal: value.symbol(['UNKNOWN', ...readableSignals]),
    state: value.symbol(signalStates),
    source: value.text(128),
    attested: value.flag,
    observedAt: value.moment,
    expiresAt: value.moment,
  },
  ({ observedAt, expiresAt }) =>
    Number(expiresAt) >= Number(observedAt)
      ? null
      : { ...fault('INVALID_TIME', 'a time not before observedAt', expiresAt), field: 'expiresAt' },
)

/** The largest attestations are a few KiB. */
const longestBody = 32_768

const checkDocument: Check<HealthDocument> = record<HealthDocument>({
  format: value.symbol(documentFormats),
  body: value.text(longestBody),
})

/** What a report and a device's state have in common. */
export const deviceChecks = {
  observedAt: value.moment,
  platform: value.symbol(platforms),
  osVersion: nullable(value.text(longestVersion)),
  patchLevel: nullable(value.text(longestVersion)),
  appVersion: nullable(value.text(longestVersion)),
  readings: list(checkReading, longestReadings),
} as const

export const checkDeviceHealth: Check<DeviceReport> = record<DeviceReport>({
  reportId: value.id,
  deviceId: value.id,
  ...deviceChecks,
  document: nullable(checkDocument),
})

export const createDeviceHealthCodec = (schemas: Schemas): Codec<DeviceReport> =>
  createCodec(schemas, { record: 'DeviceHealth', version: 2 }, checkDeviceHealth)

/** The topic `device-health`. A reading from the future is refused: it would stay the newest one. Never throws. */
export const createDeviceHealthDecoder = (deps: SideDecoderDeps): SideDecoder<DeviceReport> =>
  createSideDecoder(createDeviceHealthCodec(deps.schemas), deps, ({ observedAt, readings }) => ({
    observedAt,
    readings: readings.reduce((latest, reading) => Math.max(latest, reading.observedAt), observedAt),
  }))
