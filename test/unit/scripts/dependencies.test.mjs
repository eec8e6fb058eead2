import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const project = new URL('../../../', import.meta.url)
const read = (name) => readFileSync(new URL(name, project), 'utf8')
const locked = Object.entries(JSON.parse(read('package-lock.json')).packages).filter(([path]) => path !== '')
const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

describe('what is installed', () => {
  it('is known by its hash, each package', () => {
    expect(locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([])
  })

  it('runs no script of its own when it is installed', () => {
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m)
  })

  it('is asked for in one version each, and comes from no address in the lock file', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json'))
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    )
    expect(loose).toEqual([])
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
  })

  it('has a licence that lets us use it', () => {
    const allowed =
      /^\(?(?:MIT|MIT-0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|BlueOak-1\.0\.0|Python-2\.0|CC0-1\.0|Unlicense|Zlib|MPL-2\.0| OR | AND |WTFPL)+\)?$/
    const others = locked
      .filter(([, { license }]) => !allowed.test(license ?? ''))
      .map(([path, { license }]) => `${nameOf(path)}: ${license}`)
    expect(others).toEqual([])
  })
})

describe('the bill of materials', () => {
  const text = execFileSync(process.execPath, ['scripts/sbom.mjs'], {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const bill = JSON.parse(text)

  it('names every package in the lock file, with version and hash', () => {
    const named = new Map(bill.components.map((component) => [component.purl, component.hashes]))
    const missing = locked.filter(([path, { version, name = nameOf(path) }]) => {
      const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
      return !(named.get(purl)?.length > 0)
    })
    expect(missing.map(([path]) => path)).toEqual([])
  })

  it('is of this package, and says nothing of where it was made', () => {
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'sluice' } } })
    expect(bill.serialNumber).toBeUndefined()
    expect(text).not.toMatch(/registry|node_modules|file:/)
  })
})
