import type {
  AttestationFinding,
  DeviceHealth,
  DeviceReport,
  Evidence,
  SignalReading,
} from '../domain/deviceHealth.ts'
import type { Opened } from './opened.ts'

/** The report without its document. */
const ownWords = (report: DeviceReport): DeviceHealth => ({
  reportId: report.reportId,
  deviceId: report.deviceId,
  observedAt: report.observedAt,
  platform: report.platform,
  osVersion: report.osVersion,
  patchLevel: report.patchLevel,
  appVersion: report.appVersion,
  readings: report.readings,
})

const readingsOf = (
  { source, observedAt, signals }: Opened,
  arrivedAt: number,
  lifeMs: number,
): readonly SignalReading[] => {
  // An attester's clock may be a little ahead; a reading may not.
  const at = Math.min(observedAt, arrivedAt)
  return signals.map(({ signal, healthy, attested }) => ({
    signal,
    state: healthy ? 'HEALTHY' : 'UNHEALTHY',
    source,
    attested,
    observedAt: at,
    expiresAt: at + lifeMs,
  }))
}

/** The report as it is where its document says nothing that can be used. */
export const withoutDocument = ownWords

/** A manager of devices may have heard of a device last week: its versions are no news today. */
const versionsAt = (opened: Opened, arrivedAt: number): { readonly versionsAt?: number } => {
  const { platform, osVersion, patchLevel, appVersion } = opened
  const saysAny = [platform, osVersion, patchLevel, appVersion].some((each) => each !== null)
  return saysAny ? { versionsAt: Math.min(opened.observedAt, arrivedAt) } : {}
}

/** What the document says, with what the report says beside it. */
export const withDocument = (
  report: DeviceReport,
  opened: Opened,
  arrivedAt: number,
  lifeMs: number,
): DeviceHealth => ({
  ...ownWords(report),
  platform: opened.platform ?? report.platform,
  osVersion: opened.osVersion ?? report.osVersion,
  patchLevel: opened.patchLevel ?? report.patchLevel,
  appVersion: opened.appVersion ?? report.appVersion,
  ...versionsAt(opened, arrivedAt),
  readings: [...report.readings, ...readingsOf(opened, arrivedAt, lifeMs)],
  ...(opened.once === null
    ? {}
    : { evidence: evidenceOf('VERIFIED', arrivedAt, opened.observedAt + lifeMs) }),
})

/**
 * A report whose attestation proves nothing. What is bad of it is believed all the same, as its own word; nothing good
 * is: it makes a device never healthier, and vouches for nothing.
 */
export const rejected = (
  report: DeviceReport,
  finding: Exclude<AttestationFinding, 'VERIFIED'>,
  arrivedAt: number,
): DeviceHealth => ({
  ...ownWords(report),
  platform: 'UNKNOWN',
  osVersion: null,
  patchLevel: null,
  appVersion: null,
  readings: report.readings
    .filter(({ state }) => state === 'UNHEALTHY')
    .map((reading) => ({ ...reading, attested: false })),
  evidence: evidenceOf(finding, arrivedAt, arrivedAt),
})

const evidenceOf = (finding: AttestationFinding, at: number, expiresAt: number): Evidence => ({
  finding,
  at,
  expiresAt,
})
