import { describe, expect, it } from 'vitest'
import { isInstalled } from '../../../scripts/bootstrap/packages.mjs'

const a = { version: '1.0.0', integrity: 'sha512-a' }
const optional = { version: '2.0.0', integrity: 'sha512-o', optional: true }
const wanted = { '': { name: 'sluice' }, 'node_modules/a': a, 'node_modules/o': optional }

describe('node_modules agrees with the lock file', () => {
  it('when each package is there', () =>
    expect(isInstalled(wanted, { 'node_modules/a': a, 'node_modules/o': optional })).toBe(true))
  it('without an optional package, which may be of another platform', () =>
    expect(isInstalled(wanted, { 'node_modules/a': a })).toBe(true))
})

describe('it does not', () => {
  it('without a package', () => expect(isInstalled(wanted, { 'node_modules/o': optional })).toBe(false))
  it('with another version', () =>
    expect(isInstalled(wanted, { 'node_modules/a': { ...a, version: '1.0.1' } })).toBe(false))
  it('with other bytes of the same version', () =>
    expect(isInstalled(wanted, { 'node_modules/a': { ...a, integrity: 'sha512-b' } })).toBe(false))
  it('with a package too many', () =>
    expect(isInstalled(wanted, { 'node_modules/a': a, 'node_modules/b': a })).toBe(false))
})
