import { vulnerabilityNotice } from '../decision/noticeOfUpdate.ts'
import type { Notice } from '../domain/decision.ts'
import type { DeviceHealth, DeviceState } from '../domain/deviceHealth.ts'
import type { Vulnerabilities } from '../features/vulnerabilities.ts'
import { deviceStateOf, mergeReport, type DeviceMemory } from '../features/deviceState.ts'

/** The update that closes the exploited holes of a device's system; its version is null where none is known. */
export type Patch = { readonly fixedVersion: string | null }

/** null: no exploited hole is known to be in what the device says that it runs. */
export type PatchOf = (device: Pick<DeviceState, 'platform' | 'osVersion' | 'patchLevel'>) => Patch | null

/** By what is known of vulnerabilities now. */
export const createPatchOf =
  (vulnerabilities: Pick<Vulnerabilities, 'exposure'>): PatchOf =>
  ({ platform, osVersion, patchLevel }) => {
    if (platform === 'UNKNOWN' || (osVersion === null && patchLevel === null)) return null
    const { exploited, fixedVersion } = vulnerabilities.exposure(platform, { osVersion, patchLevel })
    return exploited === 1 ? { fixedVersion } : null
  }

export type PatchMissing = {
  readonly notice: Notice
  /** The first report that named a version with such a hole. */
  readonly report: DeviceHealth
  /** Of the notice: another version to update to is another matter. */
  readonly subject: string
}

/** A patch that the device lacks once the reports, in their order, are taken over; null where it lacks none. */
export const patchMissing = (
  before: DeviceMemory | null,
  reports: readonly DeviceHealth[],
  patchOf: PatchOf,
): PatchMissing | null => {
  const report = reports.find((each) => patchOf(each) !== null)
  if (report === undefined) return null
  const after = reports.reduce<DeviceMemory | null>(mergeReport, before)
  const state = after === null ? null : deviceStateOf(report.deviceId, after)
  const patch = state === null ? null : patchOf(state)
  if (state === null || patch === null) return null
  return {
    notice: vulnerabilityNotice(state.platform, patch.fixedVersion),
    report,
    subject: `${report.deviceId} ${patch.fixedVersion ?? ''}`,
  }
}
