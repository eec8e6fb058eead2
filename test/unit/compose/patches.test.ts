import { describe, expect, it } from 'vitest'
import { createPatchOf } from '../../../src/compose/patches.ts'
import { createVulnerabilities } from '../../../src/features/vulnerabilities.ts'
import { aRange, aVulnerability, exploitedSince } from '../../support/vulnerabilities.ts'

describe('the patch that a device lacks', () => {
  const table = createVulnerabilities()
  const patchOf = createPatchOf(table)
  const old = { platform: 'ANDROID', osVersion: '15', patchLevel: '2026-01-01' } as const
  const hole = aVulnerability({
    cveId: 'CVE-2026-0002',
    kev: exploitedSince(0),
    affected: [aRange({ fixed: '2026-07-01' })],
  })

  it('is none before the hole is known, and its fix from then on, until it is taken back', () => {
    expect(patchOf(old)).toBeNull()
    table.apply([{ key: hole.cveId, value: hole }])
    expect(patchOf(old)).toEqual({ fixedVersion: '2026-07-01' })
    table.apply([{ key: hole.cveId, value: null }])
    expect(patchOf(old)).toBeNull()
  })

  it('is none for a patched device, one that says no version, and for a hole that nobody exploits', () => {
    table.apply([{ key: hole.cveId, value: hole }])
    expect(patchOf({ ...old, patchLevel: '2026-07-01' })).toBeNull()
    expect(patchOf({ ...old, osVersion: null, patchLevel: null })).toBeNull()
    expect(patchOf({ ...old, platform: 'UNKNOWN' })).toBeNull()
    table.apply([{ key: hole.cveId, value: { ...hole, kev: null } }])
    expect(patchOf(old)).toBeNull()
  })
})
