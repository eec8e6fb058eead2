import type { AffectedRange, VersionScheme } from '../domain/vulnerability.ts'
import { compareVersions, parseVersion, type Version } from './osVersion.ts'

/** What decides which versions a device runs; null: it does not say. */
export type DeviceVersion = { readonly osVersion: string | null; readonly patchLevel: string | null }

/** The numbers let the worst of several be their maximum. */
export const notAffected = 0
export const notDetermined = 1
export const affected = 2
export type Affection = typeof notAffected | typeof notDetermined | typeof affected

/** What a device says as a version of each scheme; null: it says none of that scheme. */
export type VersionsOf = (scheme: VersionScheme) => Version | null

/** Says whether a device of the range's platform is affected. */
export type RangeMatch = (versions: VersionsOf) => Affection

const always: RangeMatch = () => affected
const neverKnown: RangeMatch = () => notDetermined

/** A level of patches says more of Windows than its build alone, where it is one. */
const windowsVersion = ({ osVersion, patchLevel }: DeviceVersion): Version | null => {
  const patched = patchLevel === null ? null : parseVersion('WINDOWS_BUILD', patchLevel)
  if (patched !== null && patched.rest !== null) return patched
  return osVersion === null ? null : parseVersion('WINDOWS_BUILD', osVersion)
}

const versionIn = (device: DeviceVersion, scheme: VersionScheme): Version | null => {
  if (scheme === 'WINDOWS_BUILD') return windowsVersion(device)
  const text = scheme === 'ANDROID_PATCH' ? device.patchLevel : device.osVersion
  return text === null ? null : parseVersion(scheme, text)
}

/** Each scheme is read once, whatever the number of ranges that ask for it. */
export const readVersions = (device: DeviceVersion): VersionsOf => {
  const read = new Map<VersionScheme, Version | null>()
  return (scheme) => {
    const known = read.get(scheme)
    if (known !== undefined) return known
    const version = versionIn(device, scheme)
    read.set(scheme, version)
    return version
  }
}

/** Whether a comparison settles that the device is outside, inside, or neither. */
const within = (order: number, isInside: (order: number) => boolean): Affection => {
  if (Number.isNaN(order)) return notDetermined
  return isInside(order) ? affected : notAffected
}

const isFrom = (order: number): boolean => order >= 0
const isBefore = (order: number): boolean => order < 0
const isUpTo = (order: number): boolean => order <= 0

/** A bound that begins or ends a range is the first version that it can stand for. */
const firstOf = (scheme: VersionScheme, text: string): Version | null => {
  const version = parseVersion(scheme, text)
  return version && { ...version, rest: 0 }
}

/**
 * The range as a function, made once. A scheme that is not known, and a bound that is no version of its scheme, leave
 * it not determined for every device: that is never taken for safe.
 */
export const compileRange = ({
  versionScheme,
  introduced,
  fixed,
  lastAffected,
}: AffectedRange): RangeMatch => {
  const bounds = [
    { text: introduced, read: firstOf, isInside: isFrom },
    { text: fixed, read: firstOf, isInside: isBefore },
    { text: lastAffected, read: parseVersion, isInside: isUpTo },
  ].flatMap(({ text, read, isInside }) =>
    text === null ? [] : [{ version: read(versionScheme, text), isInside }],
  )
  if (bounds.length === 0) return always
  const known = bounds.flatMap(({ version, isInside }) => (version === null ? [] : [{ version, isInside }]))
  if (known.length < bounds.length) return neverKnown
  return (versions) => {
    const version = versions(versionScheme)
    if (version === null) return notDetermined
    let verdict: Affection = affected
    for (const { version: bound, isInside } of known) {
      const one = within(compareVersions(version, bound), isInside)
      if (one === notAffected) return notAffected
      if (one < verdict) verdict = one
    }
    return verdict
  }
}
