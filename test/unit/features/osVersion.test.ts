import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VersionScheme } from '../../../src/domain/vulnerability.ts'
import { compareVersions, parseVersion } from '../../../src/features/osVersion.ts'

const compare = (scheme: VersionScheme, a: string, b: string): number => {
  const [left, right] = [parseVersion(scheme, a), parseVersion(scheme, b)]
  if (left === null || right === null) throw new Error(`no version of ${scheme}: ${a} or ${b}`)
  return Math.sign(compareVersions(left, right))
}

describe('versions', () => {
  it.each<[VersionScheme, string, string, number]>([
    ['DOTTED', '17.4', '17.4.1', -1],
    ['DOTTED', '17.4', '17.4.0', 0],
    ['DOTTED', '17.10', '17.9', 1],
    ['DOTTED', '9', '10', -1],
    // The order that semver.org 2.0.0 gives as its example.
    ['SEMVER', '1.0.0-alpha', '1.0.0-alpha.1', -1],
    ['SEMVER', '1.0.0-alpha.1', '1.0.0-alpha.beta', -1],
    ['SEMVER', '1.0.0-alpha.beta', '1.0.0-beta', -1],
    ['SEMVER', '1.0.0-beta', '1.0.0-beta.2', -1],
    ['SEMVER', '1.0.0-beta.2', '1.0.0-beta.11', -1],
    ['SEMVER', '1.0.0-beta.11', '1.0.0-rc.1', -1],
    ['SEMVER', '1.0.0-rc.1', '1.0.0', -1],
    ['SEMVER', '1.0.0+build.1', 'v1.0', 0],
    ['ANDROID_PATCH', '2026-06-01', '2026-06-05', -1],
    ['ANDROID_PATCH', '2026-06', '2026-06-01', 0],
    ['ANDROID_PATCH', '2025-12-05', '2026-01-01', -1],
    ['WINDOWS_BUILD', '10.0.22631.3447', '10.0.22631.3593', -1],
    ['WINDOWS_BUILD', '22631.3447', '10.0.22631.3447', 0],
    ['WINDOWS_BUILD', '10.0.19045.9999', '10.0.22631.1', -1],
    ['WINDOWS_BUILD', '6.1.7601.1', '10.0.10240.1', -1],
  ])('%s: %s against %s is %i', (scheme, a, b, expected) => {
    expect(compare(scheme, a, b)).toBe(expected)
    expect(compare(scheme, b, a)).toBe(expected === 0 ? 0 : -expected)
  })

  it('of Windows without a revision: known as far as the build says', () => {
    expect(compare('WINDOWS_BUILD', '10.0.22631', '10.0.22631.3447')).toBeNaN()
    expect(compare('WINDOWS_BUILD', '10.0.22621', '10.0.22631.3447')).toBe(-1)
  })

  it.each<[VersionScheme, string]>([
    ['UNKNOWN', '1.0'],
    ['DOTTED', ''],
    ['DOTTED', '17.4-beta'],
    ['DOTTED', '17..4'],
    ['DOTTED', '99999999999'],
    ['SEMVER', '1.0.0-'],
    ['SEMVER', '1.2.3.4'],
    ['ANDROID_PATCH', '2026-13-01'],
    ['ANDROID_PATCH', '2026-02-30'],
    ['ANDROID_PATCH', '15'],
    ['WINDOWS_BUILD', 'KB5036893'],
    ['WINDOWS_BUILD', '11'],
  ])('%s: %j is none', (scheme, text) => {
    expect(parseVersion(scheme, text)).toBeNull()
  })

  const dotted = fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'))
  const preRelease = fc.array(fc.constantFrom('alpha', 'beta', 'rc', '0', '1', '2', '11'), {
    minLength: 1,
    maxLength: 3,
  })
  const semver = fc
    .tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.option(preRelease))
    .map(([a, b, c, pre]) => `${a}.${b}.${c}${pre === null ? '' : `-${pre.join('.')}`}`)

  it.each([
    ['DOTTED', dotted],
    ['SEMVER', semver],
  ] as const)('of %s are in one order', (scheme, versions) => {
    fc.assert(
      fc.property(versions, versions, versions, (a, b, c) => {
        expect(compare(scheme, a, b) + compare(scheme, b, a)).toBe(0)
        if (compare(scheme, a, b) <= 0 && compare(scheme, b, c) <= 0)
          expect(compare(scheme, a, c)).toBeLessThanOrEqual(0)
      }),
    )
  })
})
