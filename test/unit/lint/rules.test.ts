import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accepted, refused, scenery } from './fixtures.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

interface Diagnostic {
  readonly code: string
  readonly filename: string
}

/** Lints all fixtures at once, in a folder with the project's own configuration: file -> rules that it breaks. */
const lint = (folder: string): ReadonlyMap<string, readonly string[]> => {
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json'])
    copyFileSync(join(root, name), join(folder, name))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const [file, text] of [...Object.entries(scenery), ...Object.entries(accepted)])
    write(folder, file, text)
  for (const { file, text } of refused) write(folder, file, text)

  const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint')
  const run = spawnSync(
    process.execPath,
    [oxlint, '--type-aware', '--deny-warnings', '-f', 'json', 'src', 'tool.config.ts'],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  )
  expect(run.status, run.stderr).toBe(1)
  const { diagnostics } = JSON.parse(run.stdout) as { readonly diagnostics: readonly Diagnostic[] }
  const found = new Map<string, string[]>()
  for (const { filename, code } of diagnostics) found.set(filename, [...(found.get(filename) ?? []), code])
  return found
}

const write = (folder: string, file: string, text: string) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}

describe('the linter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-lint-'))
  let found: ReadonlyMap<string, readonly string[]>
  beforeAll(() => {
    found = lint(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(refused)('refuses $what', ({ file, rule }) => {
    expect(found.get(file)).toEqual([rule])
  })

  it.each(Object.keys({ ...scenery, ...accepted }))('accepts %s', (file) => {
    expect(found.get(file)).toBeUndefined()
  })
})
