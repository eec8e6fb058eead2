import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { javaCommand, javaMajor, onPath, requireCommands } from '../../../scripts/bootstrap/checks.mjs'

const folder = mkdtempSync(join(tmpdir(), 'sluice-checks-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('onPath', () => {
  const path = [join(folder, 'none'), '', join(folder, 'first'), join(folder, 'second')].join(delimiter)
  for (const [name, mode] of [
    ['first', 0o644],
    ['second', 0o755],
  ]) {
    mkdirSync(join(folder, name, 'a-folder'), { recursive: true })
    writeFileSync(join(folder, name, 'tool'), '')
    chmodSync(join(folder, name, 'tool'), mode)
  }

  it('finds the first file that may be run', () => {
    expect(onPath('tool', path)).toBe(join(folder, 'second', 'tool'))
  })
  it('takes no folder for a command', () => expect(onPath('a-folder', path)).toBeUndefined())
  it('finds nothing where nothing is', () => expect(onPath('other', path)).toBeUndefined())
})

describe('requireCommands', () => {
  it('names all that is missing and one line that installs it', () => {
    const table = {
      'no-such-a': 'package-x',
      'no-such-b': 'package-y',
      'no-such-c': 'package-x',
      node: 'nodejs',
    }
    expect(() => requireCommands('Kafka', table)).toThrow(
      /^Kafka needs no-such-a, no-such-b, no-such-c: .*apt-get install -y package-x package-y$/,
    )
  })
  it('is content when all is there', () => requireCommands('anything', { node: 'nodejs' }))
})

describe('Java', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_402"', 8],
    ['openjdk version "21" 2023-09-19', 21],
    ['no java here', Number.NaN],
  ])('%s is %s', (printed, major) => expect(javaMajor(printed)).toBe(major))

  it('a JAVA_HOME without a java is no Java', () => {
    expect(javaCommand({ JAVA_HOME: folder, PATH: process.env.PATH })).toBeUndefined()
  })
})
