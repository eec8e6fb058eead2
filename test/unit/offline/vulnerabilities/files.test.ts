import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { gatherVulnerabilities } from '../../../../src/offline/vulnerabilities/gather.file.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-vulnerabilities-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const kev = (...entries: readonly object[]): string =>
  file('kev.json', JSON.stringify({ catalogVersion: '2026.01.02', vulnerabilities: entries }))

const entry = {
  cveID: 'CVE-2026-1000',
  vulnerabilityName: 'A hole',
  dateAdded: '2026-01-02',
  dueDate: '2026-01-23',
  knownRansomwareCampaignUse: 'Unknown',
}

describe('what files say of vulnerabilities', () => {
  it('is one record for each CVE', async () => {
    const found = await gatherVulnerabilities({
      kev: kev(entry),
      epss: file(
        'epss.csv',
        'CVE,CVSS3,EPSS,EPSS Percentile\nCVE-2026-1000,8.8,0.5,0.9\nCVE-2026-1001,,0.1,\n',
      ),
      cvss: file(
        'cvss.csv',
        'CVE,CVSS Score,Published\nCVE-2026-1000,7.5,2026-01-01 05:00:00.000\nCVE-2026-1002,0.0,\n',
      ),
      records: file(
        'records.ndjson',
        `${JSON.stringify({ cveId: 'CVE-2026-1000', affected: [{ platform: 'IOS', versionScheme: 'DOTTED', introduced: null, fixed: '18.1', lastAffected: null }], remediation: 'OFFICIAL_FIX' })}\n`,
      ),
    })
    expect(found.map(({ cveId }) => cveId).toSorted()).toEqual([
      'CVE-2026-1000',
      'CVE-2026-1001',
      'CVE-2026-1002',
    ])
    expect(found.find(({ cveId }) => cveId === 'CVE-2026-1000')).toMatchObject({
      title: 'A hole',
      // The list of EPSS scores is read after the one of CVSS scores.
      cvssScore: 8.8,
      publishedAt: Date.UTC(2026, 0, 1),
      kev: { dateAdded: Date.UTC(2026, 0, 2), dueDate: Date.UTC(2026, 0, 23), knownRansomware: null },
      epss: { score: 0.5, percentile: 0.9, date: null },
      affected: [{ platform: 'IOS', fixed: '18.1' }],
      remediation: 'OFFICIAL_FIX',
      source: 'CVSS, EPSS, KEV 2026.01.02',
    })
    expect(found.find(({ cveId }) => cveId === 'CVE-2026-1002')?.cvssScore).toBeNull()
  })

  it('FIRST’s own file of scores tells their day in a line of remarks', async () => {
    const epss = file(
      'first.csv',
      '#model_version:v2025.03.14,score_date:2026-01-03T00:00:00+0000\ncve,epss,percentile\nCVE-2026-1000,0.25,0.5\n',
    )
    const [found] = await gatherVulnerabilities({ epss })
    expect(found?.epss).toEqual({ score: 0.25, percentile: 0.5, date: Date.UTC(2026, 0, 3) })
  })

  it.each<[string, () => Parameters<typeof gatherVulnerabilities>[0], string]>([
    [
      'no catalogue',
      () => ({ kev: file('wrong.json', '{}') }),
      'expected the catalogue of exploited vulnerabilities',
    ],
    ['a wrong day', () => ({ kev: kev({ ...entry, dueDate: 'soon' }) }), 'vulnerabilities.0.dueDate'],
    ['no score', () => ({ epss: file('none.csv', 'cve,score\nCVE-2026-1000,1\n') }), 'columns cve and epss'],
    [
      'a score beyond 1',
      () => ({ epss: file('two.csv', 'cve,epss\nCVE-2026-1000,2\n') }),
      'line 2: expected an EPSS score from 0 to 1',
    ],
    ['no id', () => ({ epss: file('id.csv', 'cve,epss\nnone,1\n') }), 'a CVE, cveId: expected a CVE id'],
    ['no file', () => ({ kev: join(folder, 'absent.json') }), 'absent.json'],
  ])('%s is refused', async (_, files, message) => {
    await expect(gatherVulnerabilities(files())).rejects.toThrow(message)
  })
})
