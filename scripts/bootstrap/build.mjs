import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { locked } from './install.mjs'
import { run } from './run.mjs'
import { step } from './say.mjs'

/** `src` compiled to `dist`, again whenever a source, a compiler setting or a package has changed. */
export const build = async (root) => {
  if (isBuilt(root)) return
  await locked(join(root, '.sluice', 'build'), async () => {
    if (isBuilt(root)) return
    await step('src compiled to dist', async () => {
      const digest = digestOfSources(root)
      rmSync(join(root, 'dist'), { recursive: true, force: true })
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
      await run(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root })
      writeFileSync(stampOf(root), digest)
    })
  })
}

const stampOf = (root) => join(root, 'dist', '.stamp')

const isBuilt = (root) =>
  existsSync(stampOf(root)) && readFileSync(stampOf(root), 'utf8') === digestOfSources(root)

/** One digest of the names and contents of all that the compiler reads. */
export const digestOfSources = (root) => {
  const hash = createHash('sha256')
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
  for (const file of [...sources, ...settings.map((name) => join(root, name))])
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0')
  return hash.digest('hex')
}

const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json']
