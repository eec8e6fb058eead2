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

/** UNKNOWN is a value of its own and is never treated as healthy. */
export const signalStates = ['UNKNOWN', 'HEALTHY', 'UNHEALTHY'] as const
export type SignalState = (typeof signalStates)[number]

export const platforms = ['UNKNOWN', 'ANDROID', 'IOS', 'WINDOWS', 'MACOS', 'LINUX', 'OTHER'] as const
export type Platform = (typeof platforms)[number]

export type SignalReading = {
  readonly signal: DeviceSignal | 'UNKNOWN'
  readonly state: SignalState
  /** Who said so: the app's SDK, Play Integrity, Windows Security Center ... */
  readonly source: string
  readonly attested: boolean
  readonly observedAt: number
  readonly expiresAt: number
}

/** One report on the `device-health` topic. A report may hold some of the signals only. */
export type DeviceHealth = {
  readonly reportId: string
  readonly deviceId: string
  readonly observedAt: number
  readonly platform: Platform
  readonly osVersion: string | null
  /** Android security patch level (YYYY-MM-DD) or what stands for it on the platform. */
  readonly patchLevel: string | null
  readonly appVersion: string | null
  readonly readings: readonly SignalReading[]
}

/** What is known of a device: the newest reading of each signal. */
export type DeviceState = {
  readonly deviceId: string
  readonly observedAt: number
  readonly platform: Platform
  readonly osVersion: string | null
  readonly patchLevel: string | null
  readonly appVersion: string | null
  readonly readings: readonly SignalReading[]
}
