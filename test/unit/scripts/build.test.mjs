import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { digestOfSources } from '../../../scripts/bootstrap/build.mjs'

const root = mkdtempSync(join(tmpdir(), 'sluice-build-'))
afterAll(() => rmSync(root, { recursive: true }))

it('the digest of the sources changes with a content, a name and a setting, and with nothing else', () => {
  mkdirSync(join(root, 'src', 'deep'), { recursive: true })
  for (const name of [
    'tsconfig.json',
    'tsconfig.build.json',
    'package-lock.json',
    'src/a.ts',
    'src/deep/b.ts',
  ])
    writeFileSync(join(root, name), '1')
  const seen = [digestOfSources(root)]
  expect(digestOfSources(root)).toBe(seen[0])
  writeFileSync(join(root, 'src/deep/b.ts'), '2')
  seen.push(digestOfSources(root))
  renameSync(join(root, 'src/a.ts'), join(root, 'src/c.ts'))
  seen.push(digestOfSources(root))
  writeFileSync(join(root, 'tsconfig.json'), '2')
  seen.push(digestOfSources(root))
  expect(new Set(seen).size).toBe(4)
  writeFileSync(join(root, 'README.md'), '2')
  expect(digestOfSources(root)).toBe(seen[3])
})
