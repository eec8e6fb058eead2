import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { plant, type Fault } from './plant.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))
const copied = ['src', 'test', 'bench', 'scripts', 'examples', 'schemas', 'models', 'docs', 'README.md']
const settings = ['package.json', 'package-lock.json', 'tsconfig.json', 'vitest.config.ts', '.oxlintrc.json']

/** A copy of the sources in which faults can be planted. */
export type Tree = {
  readonly folder: string
  /** Plants it for as long as `use` takes. */
  withFault<T>(fault: Fault, use: () => Promise<T>): Promise<T>
  remove(): Promise<void>
}

export const copyTree = async (): Promise<Tree> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-faults-'))
  await Promise.all(
    [...copied, ...settings].map((name) => cp(join(project, name), join(folder, name), { recursive: true })),
  )
  await symlink(join(project, 'node_modules'), join(folder, 'node_modules'))
  return {
    folder,
    withFault: async (fault, use) => {
      const file = join(folder, fault.file)
      const text = await readFile(file, 'utf8')
      await writeFile(file, plant(text, fault))
      try {
        return await use()
      } finally {
        await writeFile(file, text)
      }
    },
    remove: () => rm(folder, { recursive: true }),
  }
}
