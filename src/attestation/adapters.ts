import type { DocumentFormat } from '../domain/deviceHealth.ts'
import { createAppAttest } from './appAttest.ts'
import { createCaep } from './caep.ts'
import { createManagedDevice } from './managedDevice.ts'
import type { Adapter } from './opened.ts'
import { createPlayIntegrity } from './playIntegrity.ts'
import { createSdkReport } from './sdkReport.ts'
import type { TokenDeps } from './token.ts'
import { readWindowsSecurityCenter } from './windowsSecurityCenter.ts'

export type KnownFormat = Exclude<DocumentFormat, 'UNKNOWN'>

/** Formats that prove who speaks: what fails in them is evidence. The others are somebody's word. */
export const provingFormats: ReadonlySet<DocumentFormat> = new Set<KnownFormat>([
  'PLAY_INTEGRITY',
  'APP_ATTEST',
  'CAEP',
  'SDK_REPORT',
])

/** @param apps our own apps: Android package names, and Apple's App IDs (team, dot, bundle) */
export const createAdapters = (
  apps: readonly string[],
  deps: TokenDeps,
): Readonly<Record<KnownFormat, Adapter>> => ({
  PLAY_INTEGRITY: createPlayIntegrity(apps, deps.limits),
  APP_ATTEST: createAppAttest(apps, deps),
  WINDOWS_SECURITY_CENTER: readWindowsSecurityCenter,
  GRAPH_MANAGED_DEVICE: createManagedDevice(deps.limits.toleranceMs),
  CAEP: createCaep(deps),
  SDK_REPORT: createSdkReport(deps),
})
