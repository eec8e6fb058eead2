import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Platform } from '../../../src/domain/deviceHealth.ts'
import type { Vulnerability } from '../../../src/domain/vulnerability.ts'
import { createVulnerabilities, type Vulnerabilities } from '../../../src/features/vulnerabilities.ts'
import { axesOf, priorityOf } from '../../../src/features/vulnerabilityPriority.ts'
import { createVectorReader } from '../../../src/features/vulnerabilityVectors.ts'
import { naiveVerdict } from '../../support/naiveExposure.ts'
import { aRange, aVulnerability, exploitedSince } from '../../support/vulnerabilities.ts'

const tableOf = (...entries: readonly Vulnerability[]): Vulnerabilities => {
  const table = createVulnerabilities()
  table.apply(entries.map((value) => ({ key: value.cveId, value })))
  return table
}

const before = (fixed: string) => [aRange({ fixed })]
const old = { osVersion: '15', patchLevel: '2026-01-01' }
const patched = { osVersion: '15', patchLevel: '2026-07-05' }

const mild = aVulnerability({ cveId: 'CVE-2026-0001', cvssScore: 3, affected: before('2026-07-01') })
const grave = aVulnerability({
  cveId: 'CVE-2026-0002',
  cvssScore: 9.8,
  kev: exploitedSince(Date.UTC(2026, 5, 1)),
  affected: before('2026-07-01'),
})

describe('what threatens a device', () => {
  it('is all that affects its version', () => {
    expect(tableOf(mild, grave).exposure('ANDROID', old)).toMatchObject({
      count: 2,
      undetermined: 0,
      exploited: 1,
      worstSince: Date.UTC(2026, 5, 1),
    })
  })

  it('is nothing for a version after the fix, and on another platform', () => {
    const nothing = {
      count: 0,
      undetermined: 0,
      exploited: 0,
      worstPriority: 0,
      worstSince: NaN,
      fixedVersion: null,
    }
    expect(tableOf(mild, grave).exposure('ANDROID', patched)).toEqual(nothing)
    expect(tableOf(mild, grave).exposure('IOS', old)).toEqual(nothing)
  })

  const exploited = (id: number, ...fixes: readonly (string | null)[]): Vulnerability =>
    aVulnerability({
      cveId: `CVE-2026-100${id}`,
      kev: exploitedSince(0),
      affected: fixes.map((fixed) => aRange({ fixed })),
    })

  it.each([
    ['the fix of the one that is exploited', [grave, mild], '2026-07-01'],
    [
      'the latest, so that none is left',
      [grave, exploited(1, '2026-09-05'), exploited(2, '2026-08-01')],
      '2026-09-05',
    ],
    ['none where one of them has none', [grave, exploited(1, null)], null],
    ['that of the range that the device is in', [exploited(1, '2025-01-01', '2026-05-01')], '2026-05-01'],
    ['none where nothing is exploited', [mild], null],
  ])('is left behind by one version: %s', (_, entries, expected) => {
    expect(tableOf(...entries).exposure('ANDROID', old).fixedVersion).toBe(expected)
  })

  it('is not known where a version is not: never safe', () => {
    const unknown = { osVersion: '15', patchLevel: null }
    expect(tableOf(mild).exposure('ANDROID', unknown)).toMatchObject({
      count: NaN,
      undetermined: 1,
      exploited: 0,
      worstPriority: NaN,
    })
    expect(tableOf(grave).exposure('ANDROID', unknown)).toMatchObject({ count: NaN, exploited: NaN })
  })

  it('is known as far as a doubtful entry cannot change it', () => {
    const doubtful = { ...mild, affected: [aRange({ versionScheme: 'UNKNOWN', fixed: '1' })] }
    const { count, exploited, worstPriority } = tableOf(grave, doubtful).exposure('ANDROID', old)
    expect(count).toBeNaN()
    expect(exploited).toBe(1)
    expect(worstPriority).toBeGreaterThan(9)
    expect(
      tableOf(mild, { ...grave, affected: doubtful.affected }).exposure('ANDROID', old).worstPriority,
    ).toBeNaN()
  })

  it('is not known of devices of other kinds: no two need be alike', () => {
    const other = { ...mild, affected: [aRange({ platform: 'OTHER', fixed: '2026-07-01' })] }
    expect(tableOf(other).exposure('OTHER', old)).toMatchObject({ count: NaN, undetermined: 1 })
  })
})

describe('the table', () => {
  it('counts what no device can match: no range, or none on a platform that is known', () => {
    const table = tableOf(
      { ...mild, affected: [] },
      { ...grave, affected: [aRange({ platform: 'UNKNOWN', fixed: '1' })] },
    )
    expect(table.unmatchable()).toBe(2)
    expect(table.exposure('ANDROID', old)).toMatchObject({ count: 0, undetermined: 0 })
    table.apply([{ key: mild.cveId, value: mild }])
    expect([table.size(), table.unmatchable()]).toEqual([2, 1])
  })

  it('remembers what it found until something changes', () => {
    const table = tableOf(mild)
    const first = table.exposure('ANDROID', old)
    expect(table.exposure('ANDROID', old)).toBe(first)
    table.apply([{ key: grave.cveId, value: grave }])
    expect(table.exposure('ANDROID', old)).toMatchObject({ count: 2, exploited: 1 })
    table.apply([{ key: grave.cveId, value: null }])
    expect(table.exposure('ANDROID', old)).toMatchObject({ count: 1, exploited: 0 })
    table.apply([{ key: mild.cveId, value: { ...mild, affected: before('2025-01-01') } }])
    expect(table.exposure('ANDROID', old).count).toBe(0)
    table.apply([{ key: mild.cveId, value: mild }])
    table.clear()
    expect([table.size(), table.exposure('ANDROID', old).count]).toEqual([0, 0])
  })

  it('takes no two devices for one, whatever they call their versions', () => {
    const texts = fc.option(
      fc.constantFrom('', ' ', '1', '1 1', '15', '2026-01-01', '0', '-1', '15 1', '1 15'),
    )
    fc.assert(
      fc.property(texts, texts, texts, texts, (a, b, c, d) => {
        const table = tableOf(mild)
        const [left, right] = [
          { osVersion: a, patchLevel: b },
          { osVersion: c, patchLevel: d },
        ]
        const same = table.exposure('ANDROID', left) === table.exposure('ANDROID', right)
        expect(same).toBe(a === c && b === d)
      }),
    )
  })

  const versions = fc.constantFrom('1', '1.1', '1.2', '2', '2.0.1', '3', 'soon')
  const bound = fc.option(versions)
  const platforms = fc.constantFrom<Platform>('ANDROID', 'IOS')
  const range = fc.record({
    platform: platforms,
    versionScheme: fc.constantFrom(
      'DOTTED' as const,
      'DOTTED' as const,
      'DOTTED' as const,
      'UNKNOWN' as const,
    ),
    introduced: bound,
    fixed: bound,
    lastAffected: bound,
  })
  const entry = fc
    .record({
      id: fc.nat(5),
      affected: fc.array(
        range.filter((r) => r.versionScheme === 'DOTTED' || r.fixed !== null),
        { maxLength: 3 },
      ),
      isExploited: fc.boolean(),
      cvssScore: fc.constantFrom(1, 5, 9),
    })
    .map(({ id, affected, isExploited, cvssScore }) =>
      aVulnerability({
        cveId: `CVE-2026-${1000 + id}`,
        affected,
        cvssScore,
        kev: isExploited ? exploitedSince(id) : null,
        epss: { score: 0, percentile: null, date: null },
      }),
    )

  it('says after any changes what the definitions say', () => {
    const readVector = createVectorReader()
    const change = fc.tuple(entry, fc.boolean())
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), platforms, bound, (changes, platform, osVersion) => {
        const table = createVulnerabilities()
        const naive = new Map<string, Vulnerability>()
        for (const [value, isDeleted] of changes) {
          table.apply([{ key: value.cveId, value: isDeleted ? null : value }])
          if (isDeleted) naive.delete(value.cveId)
          else naive.set(value.cveId, value)
          table.exposure(platform, { osVersion, patchLevel: null })
        }
        const verdicts = [...naive.values()].map((each) => ({
          is: naiveVerdict(each, platform, osVersion),
          exploited: each.kev !== null,
          priority: priorityOf(axesOf(each, readVector)).value,
        }))
        const hits = verdicts.filter(({ is }) => is === true)
        const doubtful = verdicts.filter(({ is }) => is === null)
        const [most, inDoubt] = [hits, doubtful].map((of) =>
          Math.max(0, ...of.map(({ priority }) => priority)),
        )
        expect(table.exposure(platform, { osVersion, patchLevel: null })).toMatchObject({
          count: doubtful.length > 0 ? NaN : hits.length,
          undetermined: doubtful.length,
          worstPriority: (inDoubt ?? 0) > (most ?? 0) ? NaN : most,
          exploited: hits.some(({ exploited }) => exploited)
            ? 1
            : doubtful.some(({ exploited }) => exploited)
              ? NaN
              : 0,
        })
      }),
    )
  })
})
