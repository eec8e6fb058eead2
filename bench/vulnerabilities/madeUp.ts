import type { Platform } from '../../src/domain/deviceHealth.ts'
import type { AffectedRange, Vulnerability, VersionScheme } from '../../src/domain/vulnerability.ts'

const schemes: readonly (readonly [Platform, VersionScheme])[] = [
  ['ANDROID', 'ANDROID_PATCH'],
  ['IOS', 'DOTTED'],
  ['WINDOWS', 'WINDOWS_BUILD'],
  ['MACOS', 'DOTTED'],
]

const two = (value: number): string => String(value).padStart(2, '0')

const fixedIn = (scheme: VersionScheme, i: number): string => {
  if (scheme === 'ANDROID_PATCH') return `20${20 + (i % 7)}-${two(1 + (i % 12))}-05`
  if (scheme === 'WINDOWS_BUILD') return `10.0.22631.${1_000 + (i % 5_000)}`
  return `${12 + (i % 15)}.${i % 7}.${i % 3}`
}

const rangeOf = (i: number): AffectedRange => {
  const [platform, versionScheme] = schemes[i % schemes.length] ?? ['ANDROID', 'ANDROID_PATCH']
  return { platform, versionScheme, introduced: null, fixed: fixedIn(versionScheme, i), lastAffected: null }
}

/** As many as the catalogue of exploited vulnerabilities holds, each with a range on one of four platforms. */
export const madeUpCatalogue = (entries: number): readonly Vulnerability[] =>
  Array.from({ length: entries }, (_, i) => ({
    cveId: `CVE-2026-${10_000 + i}`,
    title: `A made-up hole, number ${i}`,
    publishedAt: Date.UTC(2026, 0, 1),
    modifiedAt: null,
    cvss31: null,
    cvss40: null,
    cvssScore: (i % 100) / 10,
    kev: { dateAdded: Date.UTC(2026, 0, 2), dueDate: Date.UTC(2026, 0, 23), knownRansomware: null },
    epss: { score: (i % 1_000) / 1_000, percentile: null, date: null },
    affected: [rangeOf(i)],
    remediation: 'UNKNOWN',
    repairEffort: 'UNKNOWN',
    source: 'made up',
  }))

/** Versions that devices of one platform may say, no two alike. */
export const madeUpDevices = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    platform: 'ANDROID' as const,
    osVersion: `${12 + (i % 5)}.${i}`,
    patchLevel: `20${20 + (i % 7)}-${two(1 + (i % 12))}-01`,
  }))
