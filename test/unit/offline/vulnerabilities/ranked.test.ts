import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rank, threatening } from '../../../../src/offline/vulnerabilities/ranked.ts'
import { explained, toJson } from '../../../../src/offline/vulnerabilities/tell.ts'
import { aRange, aVulnerability } from '../../../support/vulnerabilities.ts'

const due = (day: number | null) => ({ dateAdded: 0, dueDate: day, knownRansomware: null })
const idsOf = (...given: Parameters<typeof rank>[0] extends Iterable<infer V> ? readonly V[] : never) =>
  rank(given).map(({ vulnerability }) => vulnerability.cveId)

describe('the list of repairs', () => {
  it('is by priority, then by the day that is due, then by id', () => {
    const low = aVulnerability({ cveId: 'CVE-2026-1000', cvssScore: 1, kev: due(1) })
    const late = aVulnerability({ cveId: 'CVE-2026-1001', cvssScore: 9, kev: due(2) })
    const soon = aVulnerability({ cveId: 'CVE-2026-1003', cvssScore: 9, kev: due(1) })
    const never = aVulnerability({ cveId: 'CVE-2026-1002', cvssScore: 9, kev: due(null) })
    const again = aVulnerability({ cveId: 'CVE-2026-1004', cvssScore: 9, kev: due(null) })
    expect(idsOf(again, low, late, never, soon)).toEqual([
      'CVE-2026-1003',
      'CVE-2026-1001',
      'CVE-2026-1002',
      'CVE-2026-1004',
      'CVE-2026-1000',
    ])
  })

  it('does not depend on the order in which they came', () => {
    const some = fc.uniqueArray(fc.tuple(fc.nat(20), fc.nat(3), fc.option(fc.nat(3))), {
      selector: ([id]) => id,
      maxLength: 8,
    })
    fc.assert(
      fc.property(some, (given) => {
        const all = given.map(([id, cvssScore, day]) =>
          aVulnerability({ cveId: `CVE-2026-${1000 + id}`, cvssScore, kev: due(day) }),
        )
        expect(idsOf(...all.toReversed())).toEqual(idsOf(...all))
      }),
    )
  })

  it('for a device has what affects it, and what may', () => {
    const all = rank([
      aVulnerability({ cveId: 'CVE-2026-1000', affected: [aRange({ fixed: '2026-01-05' })] }),
      aVulnerability({ cveId: 'CVE-2026-1001', affected: [aRange({ fixed: '2025-01-05' })] }),
      aVulnerability({
        cveId: 'CVE-2026-1002',
        affected: [aRange({ versionScheme: 'UNKNOWN', fixed: '1' })],
      }),
      aVulnerability({ cveId: 'CVE-2026-1003', affected: [aRange({ platform: 'IOS' })] }),
      aVulnerability({ cveId: 'CVE-2026-1004' }),
    ])
    const found = threatening(all, 'ANDROID', { osVersion: '15', patchLevel: '2025-12-01' })
    expect(found.map(({ vulnerability }) => vulnerability.cveId).toSorted()).toEqual([
      'CVE-2026-1000',
      'CVE-2026-1002',
    ])
  })
})

describe('one of them', () => {
  it('is told with what is not known', () => {
    const [ranked] = rank([aVulnerability({ cvssScore: 9.8 })])
    if (ranked === undefined) throw new Error('nothing is ranked')
    expect(explained(ranked)).toContain('it matches no device')
    expect(explained(ranked)).toMatch(/scope \(影响范围\) +not known, counts as 1/)
    expect(toJson(ranked)).toMatchObject({ exploited: false, dueDate: null, platforms: [] })
    expect(toJson(ranked).axes.find(({ axis }) => axis === 'scope')).toMatchObject({
      value: null,
      assumedWorst: true,
    })
  })
})
