import type { AffectedRange, Vulnerability } from '../../src/domain/vulnerability.ts'

/** A CVE of which nothing but its id is known, or what is given. */
export const aVulnerability = (over: Partial<Vulnerability> = {}): Vulnerability => ({
  cveId: 'CVE-2026-0001',
  title: null,
  publishedAt: null,
  modifiedAt: null,
  cvss31: null,
  cvss40: null,
  cvssScore: null,
  kev: null,
  epss: null,
  affected: [],
  remediation: 'UNKNOWN',
  repairEffort: 'UNKNOWN',
  source: null,
  ...over,
})

/** All versions of Android, or what is given. */
export const aRange = (over: Partial<AffectedRange> = {}): AffectedRange => ({
  platform: 'ANDROID',
  versionScheme: 'ANDROID_PATCH',
  introduced: null,
  fixed: null,
  lastAffected: null,
  ...over,
})

export const exploitedSince = (dateAdded: number) => ({ dateAdded, dueDate: null, knownRansomware: null })
