import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AffectedRange } from '../../../src/domain/vulnerability.ts'
import {
  affected,
  compileRange,
  notAffected,
  notDetermined,
  readVersions,
} from '../../../src/features/osVersionRange.ts'
import { aRange } from '../../support/vulnerabilities.ts'

const names = { [notAffected]: 'no', [notDetermined]: 'unknown', [affected]: 'yes' } as const

const ask = (range: Partial<AffectedRange>, osVersion: string | null, patchLevel: string | null = null) =>
  names[compileRange(aRange(range))(readVersions({ osVersion, patchLevel }))]

describe('a range of versions', () => {
  const ios = { platform: 'IOS', versionScheme: 'DOTTED', introduced: '16', fixed: '17.4.1' } as const

  it.each([
    ['15.8.2', 'no'],
    ['16', 'yes'],
    ['16.0.1', 'yes'],
    ['17.4', 'yes'],
    ['17.4.1', 'no'],
    ['18', 'no'],
    ['17.4 beta', 'unknown'],
    [null, 'unknown'],
  ])('from 16 on, before 17.4.1: %s %s', (version, expected) => {
    expect(ask(ios, version)).toBe(expected)
  })

  it('up to a version includes it', () => {
    const upTo = { ...ios, introduced: null, fixed: null, lastAffected: '17.4' }
    expect([ask(upTo, '17.4'), ask(upTo, '17.4.1')]).toEqual(['yes', 'no'])
  })

  it('of Android by patch level asks for that, whatever the version', () => {
    const patch = { fixed: '2026-06-05' }
    expect(ask(patch, '15', '2026-06-01')).toBe('yes')
    expect(ask(patch, '15', '2026-06-05')).toBe('no')
    expect(ask(patch, '15', null)).toBe('unknown')
    expect(ask(patch, '15', 'June 2026')).toBe('unknown')
  })

  it('of Windows reads the revision from the patch level where the version lacks it', () => {
    const build = {
      platform: 'WINDOWS',
      versionScheme: 'WINDOWS_BUILD',
      introduced: '10.0.22631',
      fixed: '10.0.22631.3447',
    } as const
    expect(ask(build, '10.0.22631.3400')).toBe('yes')
    expect(ask(build, '10.0.22631')).toBe('unknown')
    expect(ask(build, '10.0.22631', '10.0.22631.3447')).toBe('no')
    expect(ask(build, '10.0.22631', 'KB5036893')).toBe('unknown')
    expect(ask(build, '10.0.19045')).toBe('no')
    expect(ask(build, '10.0.26100')).toBe('no')
  })

  it('without a bound holds every version, also one that nobody knows', () => {
    expect(ask({ versionScheme: 'UNKNOWN' }, null)).toBe('yes')
  })

  it.each<[string, Partial<AffectedRange>]>([
    ['a scheme that is not known', { versionScheme: 'UNKNOWN', fixed: '17' }],
    ['a bound that is no version', { versionScheme: 'DOTTED', fixed: 'the June update' }],
    ['one of two bounds that is none', { versionScheme: 'DOTTED', introduced: '99', fixed: 'soon' }],
  ])('with %s is never safe', (_, range) => {
    for (const version of ['1', '17', '100']) expect(ask(range, version, '2026-06-01')).toBe('unknown')
    fc.assert(
      fc.property(fc.option(fc.string()), fc.option(fc.string()), (osVersion, patchLevel) => {
        expect(ask(range, osVersion, patchLevel)).toBe('unknown')
      }),
    )
  })

  it('never takes what it cannot read for safe', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const answer = ask(ios, text)
        if (!/^[\d.]+$/.test(text)) expect(answer).toBe('unknown')
      }),
    )
  })
})
