import type { VersionScheme } from '../domain/vulnerability.ts'

/** A version as numbers that compare from the left; what stands behind its end is as `rest` says. */
export type Version = {
  readonly parts: readonly number[]
  /** What a part is that is not written: 0, or not known. */
  readonly rest: 0 | null
  /** Of a semantic version; null: a release, which comes after all its pre-releases. */
  readonly preRelease: readonly string[] | null
}

const dottedPattern = /^\d{1,9}(?:\.\d{1,9}){0,7}$/
const semverPattern =
  /^[vV]?(\d{1,9}(?:\.\d{1,9}){0,2})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/
const patchPattern = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/
const buildPattern = /^(?:(\d{1,3})\.(\d{1,3})\.)?(\d{4,6})(?:\.(\d{1,6}))?$/

const numbersOf = (text: string): readonly number[] => text.split('.').map(Number)

const release = (parts: readonly number[], rest: 0 | null = 0): Version => ({ parts, rest, preRelease: null })

const dotted = (text: string): Version | null => (dottedPattern.test(text) ? release(numbersOf(text)) : null)

/** Precedence by semver.org 2.0.0; missing minor and patch numbers are 0. */
const semver = (text: string): Version | null => {
  const [, numbers, preRelease] = semverPattern.exec(text) ?? []
  if (numbers === undefined) return null
  return { parts: numbersOf(numbers), rest: 0, preRelease: preRelease?.split('.') ?? null }
}

/** A security patch level of Android: a day, or a month, which is its first day. */
const androidPatch = (text: string): Version | null => {
  const [, year, month, day = '01'] = patchPattern.exec(text) ?? []
  if (year === undefined || month === undefined) return null
  const iso = `${year}-${month}-${day}`
  const at = Date.parse(`${iso}T00:00:00Z`)
  const isDay = !Number.isNaN(at) && new Date(at).toISOString().startsWith(iso)
  return isDay ? release([Number(year), Number(month), Number(day)]) : null
}

const windows10 = [10, 0] as const

/** `10.0.22631.3447`, or without `10.0.`; where the revision is not written, it is not known. */
const windowsBuild = (text: string): Version | null => {
  const [, major, minor, build, revision] = buildPattern.exec(text) ?? []
  if (build === undefined) return null
  const kernel = major === undefined ? windows10 : [Number(major), Number(minor)]
  const known = [...kernel, Number(build)]
  return revision === undefined ? release(known, null) : release([...known, Number(revision)])
}

type Parse = (text: string) => Version | null

const parsers: Readonly<Record<VersionScheme, Parse>> = {
  UNKNOWN: () => null,
  SEMVER: semver,
  DOTTED: dotted,
  ANDROID_PATCH: androidPatch,
  WINDOWS_BUILD: windowsBuild,
}

/** null: the text is no version of this scheme, or the scheme is not known. */
export const parseVersion = (scheme: VersionScheme, text: string): Version | null => parsers[scheme](text)

const numeric = /^\d+$/

const compareIdentifiers = (a: string, b: string): number => {
  const [isNumberA, isNumberB] = [numeric.test(a), numeric.test(b)]
  if (isNumberA && isNumberB) return Number(a) - Number(b)
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

const comparePreReleases = (a: Version['preRelease'], b: Version['preRelease']): number => {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareIdentifiers(a[i] ?? '', b[i] ?? '')
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** Negative, 0 or positive as `a` is before, the same as or after `b`; NaN: what is known of them does not say. */
export const compareVersions = (a: Version, b: Version): number => {
  const length = Math.max(a.parts.length, b.parts.length)
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.parts[i] ?? a.rest, b.parts[i] ?? b.rest]
    if (left === null || right === null) return NaN
    if (left !== right) return left - right
  }
  if (a.rest === null && b.rest === null) return NaN
  return comparePreReleases(a.preRelease, b.preRelease)
}
