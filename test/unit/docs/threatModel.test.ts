import { readFileSync, statSync } from 'node:fs'
import { expect, it } from 'vitest'

const project = new URL('../../../', import.meta.url)
const page = readFileSync(new URL('docs/security.md', project), 'utf8')
const [, threats = ''] = page.split('## Threat model')
const rows = threats
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()))

const isTest = (path: string): boolean =>
  /^test\/.+\.test\.(?:ts|mjs)$/.test(path) &&
  statSync(new URL(path, project), { throwIfNoEntry: false })?.isFile() === true

it('each threat of docs/security.md names what stops it and tests that show it', () => {
  expect(rows.length).toBeGreaterThan(10)
  for (const [, attack = '', stopped, shownBy = ''] of rows) {
    expect(stopped, attack).not.toBe('')
    const paths = [...shownBy.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)
    expect(paths.length, attack).toBeGreaterThan(0)
    expect(
      paths.filter((path) => !isTest(path)),
      attack,
    ).toEqual([])
  }
})
