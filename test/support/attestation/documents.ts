import { bindingOf } from '../../../src/attestation/binding.ts'
import {
  deviceSignals,
  type DeviceReport,
  type DeviceSignal,
  type HealthDocument,
} from '../../../src/domain/deviceHealth.ts'
import type { Attester } from './attester.ts'

export const appName = 'com.example.bank'

export type Named = { readonly deviceId: string; readonly reportId: string }

/** A report that says nothing of its own. */
export const reportWith = (
  { deviceId, reportId }: Named,
  observedAt: number,
  document: HealthDocument | null,
): DeviceReport => ({
  reportId,
  deviceId,
  observedAt,
  platform: 'UNKNOWN',
  osVersion: null,
  patchLevel: null,
  appVersion: null,
  readings: [],
  document,
})

/** Our own SDK says that everything is well, but for what is named. */
export const sdkClaims = (
  { deviceId, reportId }: Named,
  unhealthy: readonly DeviceSignal[] = [],
): Readonly<Record<string, unknown>> => ({
  sub: deviceId,
  jti: reportId,
  platform: 'ANDROID',
  osVersion: '15',
  patchLevel: '2026-06-01',
  appVersion: '7.1.0',
  signals: Object.fromEntries(
    deviceSignals.map((signal) => [signal, unhealthy.includes(signal) ? 'UNHEALTHY' : 'HEALTHY']),
  ),
})

export const sdkDocument = async (
  sdk: Attester,
  named: Named,
  issuedAt: number,
  unhealthy: readonly DeviceSignal[] = [],
): Promise<HealthDocument> => ({
  format: 'SDK_REPORT',
  body: await sdk.sign('device-health+jwt', sdkClaims(named, unhealthy), issuedAt),
})

export type VerdictOptions = {
  readonly labels?: readonly string[]
  readonly apps?: readonly string[]
  readonly protect?: string
}

/** A decrypted verdict as the Play Integrity API gives it, of our own making. */
export const playIntegrityDocument = (
  named: Named,
  issuedAt: number,
  {
    labels = ['MEETS_BASIC_INTEGRITY', 'MEETS_DEVICE_INTEGRITY'],
    apps = ['KNOWN_INSTALLED'],
    protect = 'NO_ISSUES',
  }: VerdictOptions = {},
): HealthDocument => ({
  format: 'PLAY_INTEGRITY',
  body: JSON.stringify({
    requestDetails: {
      requestPackageName: appName,
      requestHash: bindingOf(named),
      timestampMillis: String(issuedAt),
    },
    appIntegrity: { appRecognitionVerdict: 'PLAY_RECOGNIZED', packageName: appName, versionCode: '701' },
    deviceIntegrity: { deviceRecognitionVerdict: labels, deviceAttributes: { sdkVersion: 35 } },
    accountDetails: { appLicensingVerdict: 'LICENSED' },
    environmentDetails: {
      playProtectVerdict: protect,
      appAccessRiskVerdict: { appsDetected: apps },
    },
  }),
})

export const securityCenterDocument = (states: Readonly<Record<string, string>>): HealthDocument => ({
  format: 'WINDOWS_SECURITY_CENTER',
  body: JSON.stringify({ firewall: 'GOOD', automaticUpdates: 'GOOD', antivirus: 'GOOD', ...states }),
})
