import type { Platform, ReadableSignal } from '../domain/deviceHealth.ts'
import type { ProtectionLevel } from '../domain/protection.ts'

/** Raised with every change of what makes a level. */
export const protectionVersion = 1

/** The highest level while a signal is unhealthy, and while it is not known though the platform has it. */
export type SignalCap = { readonly unhealthy: ProtectionLevel; readonly unknown: ProtectionLevel }

/** For no signal is `unhealthy` above `unknown`: nothing is gained by falling silent. */
export const signalCaps: Readonly<Record<ReadableSignal, SignalCap>> = {
  REMOTE_ACCESS: { unhealthy: 'NONE', unknown: 'GUARDED' },
  SCREEN_CAPTURE: { unhealthy: 'NONE', unknown: 'GUARDED' },
  SYSTEM_INTEGRITY: { unhealthy: 'RESTRICTED', unknown: 'GUARDED' },
  OVERLAY: { unhealthy: 'RESTRICTED', unknown: 'GUARDED' },
  SMS_READER: { unhealthy: 'RESTRICTED', unknown: 'GUARDED' },
  SIM_CHANGE: { unhealthy: 'RESTRICTED', unknown: 'GUARDED' },
  DEBUGGER: { unhealthy: 'RESTRICTED', unknown: 'GUARDED' },
  RISK_LEVEL: { unhealthy: 'RESTRICTED', unknown: 'FULL' },
  COMPLIANCE: { unhealthy: 'GUARDED', unknown: 'FULL' },
  ANTIVIRUS: { unhealthy: 'GUARDED', unknown: 'GUARDED' },
  FIREWALL: { unhealthy: 'GUARDED', unknown: 'GUARDED' },
  AUTOMATIC_UPDATES: { unhealthy: 'GUARDED', unknown: 'GUARDED' },
  SCREEN_LOCK: { unhealthy: 'GUARDED', unknown: 'GUARDED' },
  DISK_ENCRYPTION: { unhealthy: 'GUARDED', unknown: 'GUARDED' },
}

/** Signals that a platform does not have, so that their silence says nothing. All others have all. */
const lacking: Partial<Readonly<Record<Platform, readonly ReadableSignal[]>>> = {
  ANDROID: ['FIREWALL'],
  IOS: ['ANTIVIRUS', 'FIREWALL', 'REMOTE_ACCESS', 'OVERLAY', 'SMS_READER', 'DISK_ENCRYPTION'],
  WINDOWS: ['OVERLAY', 'SMS_READER', 'SIM_CHANGE'],
  MACOS: ['OVERLAY', 'SMS_READER', 'SIM_CHANGE'],
  LINUX: ['OVERLAY', 'SMS_READER', 'SIM_CHANGE'],
}

export const hasSignal = (platform: Platform, signal: ReadableSignal): boolean =>
  !(lacking[platform]?.includes(signal) ?? false)

export const attestationCaps = {
  replayed: 'NONE',
  failed: 'RESTRICTED',
  expired: 'GUARDED',
  missing: 'GUARDED',
} as const satisfies Readonly<Record<string, ProtectionLevel>>

const dayMs = 86_400_000

/** The highest level once nothing newer than this was said of the device; the strictest first. */
export const ageCaps: readonly {
  readonly afterMs: number
  readonly level: ProtectionLevel
  readonly reason: string
}[] = [
  { afterMs: 30 * dayMs, level: 'NONE', reason: 'SILENT_30_DAYS' },
  { afterMs: 7 * dayMs, level: 'RESTRICTED', reason: 'SILENT_7_DAYS' },
  { afterMs: 3 * dayMs, level: 'GUARDED', reason: 'SILENT_3_DAYS' },
]
