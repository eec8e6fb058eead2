import type { Vulnerability } from '../../domain/vulnerability.ts'

/** What one source says of a CVE; what it does not say is left out. */
export type Said = Pick<Vulnerability, 'cveId'> & Partial<Vulnerability>

export const nothingSaid: Omit<Vulnerability, 'cveId'> = {
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
}

const joined = (a: string | null, b: string | null | undefined): string | null => {
  const sources = [a, b ?? null].filter((each) => each !== null)
  return sources.length === 0 ? null : sources.join(', ')
}

const known = <T extends string>(said: T | undefined, before: T): T =>
  said === undefined || said === 'UNKNOWN' ? before : said

/** What was known with what another source says: where both say something, the later source counts. */
const merge = (before: Vulnerability, said: Said): Vulnerability => ({
  cveId: before.cveId,
  title: said.title ?? before.title,
  publishedAt: said.publishedAt ?? before.publishedAt,
  modifiedAt: said.modifiedAt ?? before.modifiedAt,
  cvss31: said.cvss31 ?? before.cvss31,
  cvss40: said.cvss40 ?? before.cvss40,
  cvssScore: said.cvssScore ?? before.cvssScore,
  kev: said.kev ?? before.kev,
  epss: said.epss ?? before.epss,
  affected: said.affected === undefined || said.affected.length === 0 ? before.affected : said.affected,
  remediation: known(said.remediation, before.remediation),
  repairEffort: known(said.repairEffort, before.repairEffort),
  source: joined(before.source, said.source),
})

export type Merged = {
  readonly add: (said: Said) => void
  readonly all: () => readonly Vulnerability[]
}

/** One record for each CVE, in the order in which they were first met. */
export const createMerged = (): Merged => {
  const byId = new Map<string, Vulnerability>()
  return {
    add: (said) => {
      const before = byId.get(said.cveId) ?? { cveId: said.cveId, ...nothingSaid }
      byId.set(said.cveId, merge(before, said))
    },
    all: () => [...byId.values()],
  }
}
