/** What a device, or an attester, can say about itself. UNHEALTHY is the bad end of each. */
export const deviceSignals = [
  'ANTIVIRUS',
  'FIREWALL',
  'AUTOMATIC_UPDATES',
  'SYSTEM_INTEGRITY',
  'DEBUGGER',
  'REMOTE_ACCESS',
  'SCREEN_CAPTURE',
  'OVERLAY',
  'SMS_READER',
  'SIM_CHANGE',
  'SCREEN_LOCK',
  'DISK_ENCRYPTION',
] as const
export type DeviceSignal = (typeof deviceSignals)[number]

/** What somebody who manages or watches the device concludes of it as a whole. */
export const deviceJudgements = ['COMPLIANCE', 'RISK_LEVEL'] as const
export type DeviceJudgement = (typeof deviceJudgements)[number]

export const readableSignals = [...deviceSignals, ...deviceJudgements] as const
export type ReadableSignal = DeviceSignal | DeviceJudgement

/** UNKNOWN is a value of its own and is never treated as healthy. */
export const signalStates = ['UNKNOWN', 'HEALTHY', 'UNHEALTHY'] as const
export type SignalState = (typeof signalStates)[number]

export const platforms = ['UNKNOWN', 'ANDROID', 'IOS', 'WINDOWS', 'MACOS', 'LINUX', 'OTHER'] as const
export type Platform = (typeof platforms)[number]

export type SignalReading = {
  readonly signal: ReadableSignal | 'UNKNOWN'
  readonly state: SignalState
  /** Who said so: the app's SDK, Play Integrity, Windows Security Center ... */
  readonly source: string
  readonly attested: boolean
  readonly observedAt: number
  readonly expiresAt: number
}

/** Whose words a document is in; each has an adapter in `src/attestation/`. */
export const documentFormats = [
  'UNKNOWN',
  'PLAY_INTEGRITY',
  'APP_ATTEST',
  'WINDOWS_SECURITY_CENTER',
  'GRAPH_MANAGED_DEVICE',
  'CAEP',
  'SDK_REPORT',
] as const
export type DocumentFormat = (typeof documentFormats)[number]

/** What an attester or a manager of devices said, as it said it. */
export type HealthDocument = { readonly format: DocumentFormat; readonly body: string }

/** What became of an attestation when it arrived. One that never came is a fifth case: *missing*. */
export const attestationFindings = ['VERIFIED', 'EXPIRED', 'FAILED', 'REPLAYED'] as const
export type AttestationFinding = (typeof attestationFindings)[number]

/** A finding, when its report arrived, and until when it holds where it is VERIFIED. */
export type Evidence = {
  readonly finding: AttestationFinding
  readonly at: number
  readonly expiresAt: number
}

/** A report as it comes on the topic `device-health`. */
export type DeviceReport = Omit<DeviceHealth, 'evidence' | 'versionsAt'> & {
  readonly document: HealthDocument | null
}

/** What a report says once its document was read. It may hold some of the signals only. */
export type DeviceHealth = {
  readonly reportId: string
  readonly deviceId: string
  readonly observedAt: number
  readonly platform: Platform
  readonly osVersion: string | null
  /** Android security patch level (YYYY-MM-DD) or what stands for it on the platform. */
  readonly patchLevel: string | null
  readonly appVersion: string | null
  /** When platform and versions were seen, epoch ms; absent: when the report was. */
  readonly versionsAt?: number
  readonly readings: readonly SignalReading[]
  /** Absent: there was nothing in it to be verified. */
  readonly evidence?: Evidence
}

/** The newest finding of each kind: when it arrived, epoch ms; null: none did. */
export type AttestationRecord = {
  readonly verified: { readonly at: number; readonly expiresAt: number } | null
  readonly expiredAt: number | null
  readonly failedAt: number | null
  readonly replayedAt: number | null
}

/** What is known of a device: the reading of each signal that counts. */
export type DeviceState = {
  readonly deviceId: string
  readonly observedAt: number
  readonly platform: Platform
  readonly osVersion: string | null
  readonly patchLevel: string | null
  readonly appVersion: string | null
  readonly readings: readonly SignalReading[]
  /** Absent: no attestation ever came. */
  readonly attestation?: AttestationRecord
}
