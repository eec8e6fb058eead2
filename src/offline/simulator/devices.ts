import type {
  DeviceReport,
  DeviceSignal,
  Platform,
  SignalReading,
  SignalState,
} from '../../domain/deviceHealth.ts'
import type { Rng } from './rng.ts'
import { dayMs } from './time.ts'

/** Something that a device is for a while: infected, screen shared, SIM changed. */
type Condition = { readonly signal: DeviceSignal; readonly fromAt: number; readonly toAt: number }

/** A phone or a computer. The last three fields change as the world runs. */
export type Device = {
  readonly deviceId: string
  readonly platform: Platform
  readonly osVersion: string
  readonly appVersion: string
  /** How far its security patches lag behind. */
  readonly patchLagMs: number
  /** What the owner's choices make of each signal that this platform can read. */
  readonly habits: ReadonlyMap<DeviceSignal, SignalState>
  /** Some apps are too old to report anything, or their user said no. */
  readonly reports: boolean
  readonly reportEveryMs: number
  conditions: readonly Condition[]
  lastReportAt: number
  nextReportAt: number
}

const signalsOf: Readonly<Record<string, readonly DeviceSignal[]>> = {
  ANDROID: [
    'ANTIVIRUS',
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
  ],
  IOS: ['AUTOMATIC_UPDATES', 'SYSTEM_INTEGRITY', 'DEBUGGER', 'SCREEN_CAPTURE', 'SIM_CHANGE', 'SCREEN_LOCK'],
  WINDOWS: [
    'ANTIVIRUS',
    'FIREWALL',
    'AUTOMATIC_UPDATES',
    'DEBUGGER',
    'REMOTE_ACCESS',
    'SCREEN_CAPTURE',
    'SCREEN_LOCK',
    'DISK_ENCRYPTION',
  ],
  MACOS: [
    'FIREWALL',
    'AUTOMATIC_UPDATES',
    'SYSTEM_INTEGRITY',
    'REMOTE_ACCESS',
    'SCREEN_CAPTURE',
    'DISK_ENCRYPTION',
  ],
  LINUX: ['FIREWALL', 'AUTOMATIC_UPDATES', 'DISK_ENCRYPTION'],
}

/** Shares of honest devices on which a signal is always unhealthy. */
const carelessness: Readonly<Record<DeviceSignal, number>> = {
  ANTIVIRUS: 0.06,
  FIREWALL: 0.08,
  AUTOMATIC_UPDATES: 0.15,
  SYSTEM_INTEGRITY: 0.015,
  DEBUGGER: 0.01,
  REMOTE_ACCESS: 0.001,
  SCREEN_CAPTURE: 0.001,
  OVERLAY: 0.03,
  SMS_READER: 0.02,
  SIM_CHANGE: 0,
  SCREEN_LOCK: 0.04,
  DISK_ENCRYPTION: 0.12,
}

/** Chance that a report of an honest device happens to catch a screen shared, a helper connected, a chat bubble. */
const passing: ReadonlyMap<DeviceSignal, number> = new Map([
  ['REMOTE_ACCESS', 0.0005],
  ['SCREEN_CAPTURE', 0.001],
  ['OVERLAY', 0.01],
])

const unreadable = 0.08

const versions: Readonly<Record<string, readonly string[]>> = {
  ANDROID: ['12', '13', '14', '15', '16'],
  IOS: ['16.7.10', '17.4.1', '17.6', '18.3', '18.5'],
  WINDOWS: ['10.0.19045', '10.0.22631', '10.0.26100'],
  MACOS: ['13.6', '14.5', '15.3'],
  LINUX: ['6.1', '6.8'],
}

export const newDevice = (rng: Rng, deviceId: string, platform: Platform, fromAt: number): Device => {
  const signals = (signalsOf[platform] ?? []).filter(() => !rng.chance(unreadable))
  const slow = rng.chance(0.1)
  return {
    deviceId,
    platform,
    osVersion: rng.pick(versions[platform] ?? ['1']),
    appVersion: `${rng.below(3) + 6}.${rng.below(20)}.0`,
    patchLagMs: rng.exponential(75 * dayMs),
    habits: new Map(
      signals.map((signal) => [signal, rng.chance(carelessness[signal]) ? 'UNHEALTHY' : 'HEALTHY']),
    ),
    reports: !rng.chance(0.14),
    reportEveryMs: (slow ? rng.between(6, 15) : rng.between(1, 3)) * dayMs,
    conditions: [],
    lastReportAt: Number.NEGATIVE_INFINITY,
    nextReportAt: fromAt + rng.next() * 2 * dayMs,
  }
}

export const newPhone = (rng: Rng, deviceId: string, fromAt: number): Device =>
  newDevice(rng, deviceId, rng.chance(0.62) ? 'ANDROID' : 'IOS', fromAt)

export const newComputer = (rng: Rng, deviceId: string, fromAt: number): Device =>
  newDevice(
    rng,
    deviceId,
    rng.pick(['WINDOWS', 'WINDOWS', 'WINDOWS', 'WINDOWS', 'MACOS', 'MACOS', 'LINUX']),
    fromAt,
  )

/** Conditions that ended so long ago are forgotten. A new one may begin as much later than today. */
const forgottenAfterMs = 3 * dayMs

/** From `fromAt` until `toAt` the signal reads unhealthy, where the platform can read it. */
export const afflict = (device: Device, signal: DeviceSignal, fromAt: number, toAt: number): void => {
  device.conditions = [
    ...device.conditions.filter((condition) => condition.toAt > fromAt - forgottenAfterMs),
    { signal, fromAt, toAt },
  ]
}

const sourceOf = (platform: Platform, signal: DeviceSignal): string =>
  platform === 'ANDROID' && signal === 'SYSTEM_INTEGRITY'
    ? 'play-integrity'
    : platform === 'WINDOWS' &&
        (signal === 'ANTIVIRUS' || signal === 'FIREWALL' || signal === 'AUTOMATIC_UPDATES')
      ? 'windows-security-center'
      : 'app-sdk'

export const reportLifeMs = 7 * dayMs

/** What the device says of itself now; `afflict`ed signals win over the owner's habits. */
export const reportOf = (rng: Rng, device: Device, reportId: string, at: number): DeviceReport => {
  const readings: SignalReading[] = []
  for (const [signal, habit] of device.habits) {
    const afflicted = device.conditions.some(
      (condition) => condition.signal === signal && condition.fromAt <= at && at < condition.toAt,
    )
    const chance = passing.get(signal)
    const caught = chance !== undefined && rng.chance(chance)
    const source = sourceOf(device.platform, signal)
    readings.push({
      signal,
      state: afflicted || caught ? 'UNHEALTHY' : habit,
      source,
      attested: source === 'play-integrity',
      observedAt: at,
      expiresAt: at + reportLifeMs,
    })
  }
  device.lastReportAt = at
  device.nextReportAt = at + device.reportEveryMs * rng.between(0.7, 1.3)
  return {
    reportId,
    deviceId: device.deviceId,
    observedAt: at,
    platform: device.platform,
    osVersion: device.osVersion,
    patchLevel: new Date(Math.max(0, at - device.patchLagMs)).toISOString().slice(0, 8) + '01',
    appVersion: device.appVersion,
    readings,
    document: null,
  }
}
