import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { SluiceError } from '../errors.ts'
import { type Active, bundleHashOf, parseActive } from './active.ts'
import { sha256 } from './canonical.ts'

/**
 * `<models>/history/` holds what active.json was, as `000001.json`, `000002.json` ..., and each policy that was ever
 * part of a bundle, as `policy.<SHA-256>.yaml`: a policy file is edited where it lies, and would be lost otherwise.
 */
const historyOf = (modelsFolder: string): string => path.join(modelsFolder, 'history')
const policyOf = (modelsFolder: string, hash: string): string =>
  path.join(historyOf(modelsFolder), `policy.${hash}.yaml`)

const entryName = /^(\d{6})\.json$/

/** Oldest first. */
const entriesIn = async (modelsFolder: string): Promise<readonly string[]> => {
  try {
    return (await readdir(historyOf(modelsFolder))).filter((name) => entryName.test(name)).toSorted()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new SluiceError('FILE_INVALID', `${historyOf(modelsFolder)}: cannot be read`, { cause: error })
  }
}

/** A reader sees the old file or the new one, never a part. */
export const replaceFile = async (file: string, content: string | Uint8Array): Promise<void> => {
  const next = `${file}.${process.pid}.next`
  await writeFile(next, content)
  await rename(next, file)
}

/** Keeps the policy file as it is now, if it is the one of that hash. */
export const keepPolicy = async (
  modelsFolder: string,
  { path: name, sha256: hash }: Active['policy'],
): Promise<void> => {
  const bytes = await readFile(path.join(modelsFolder, name)).catch(() => null)
  if (bytes === null || sha256(bytes) !== hash) return
  const kept = policyOf(modelsFolder, hash)
  await mkdir(path.dirname(kept), { recursive: true })
  await replaceFile(kept, bytes)
}

/** Keeps a bundle that another one takes the place of, to go back to. */
export const keepActive = async (modelsFolder: string, active: Active): Promise<void> => {
  await keepPolicy(modelsFolder, active.policy)
  const last = (await entriesIn(modelsFolder)).at(-1)
  const number = last === undefined ? 1 : Number(entryName.exec(last)?.[1]) + 1
  const file = path.join(historyOf(modelsFolder), `${String(number).padStart(6, '0')}.json`)
  await mkdir(path.dirname(file), { recursive: true })
  await replaceFile(file, `${JSON.stringify(active, null, 2)}\n`)
}

/** A kept bundle, and how to take it out of the history once it is active. */
export type Kept = { readonly active: Active; readonly forget: () => Promise<void> }

/** The bundle before `current`; null if none is kept. @throws SluiceError MODEL_INVALID */
export const latestKept = async (modelsFolder: string, current: Active | null): Promise<Kept | null> => {
  const currentHash = current === null ? null : bundleHashOf(current)
  for (const name of (await entriesIn(modelsFolder)).toReversed()) {
    const file = path.join(historyOf(modelsFolder), name)
    const active = parseActive(await readFile(file, 'utf8'), file)
    if (bundleHashOf(active) !== currentHash) return { active, forget: () => rm(file) }
  }
  return null
}

/**
 * Makes the policy of a kept bundle readable again: where its file has changed since, as `policy.<hash>.yaml` beside it.
 * @returns the policy as it is to stand in active.json
 * @throws SluiceError POLICY_INVALID if it was not kept
 */
export const restorePolicy = async (
  modelsFolder: string,
  policy: Active['policy'],
): Promise<Active['policy']> => {
  const there = await readFile(path.join(modelsFolder, policy.path)).catch(() => null)
  if (there !== null && sha256(there) === policy.sha256) return policy
  const kept = policyOf(modelsFolder, policy.sha256)
  const bytes = await readFile(kept).catch((cause: unknown) => {
    throw new SluiceError(
      'POLICY_INVALID',
      `${policy.path} was changed, and ${kept}, its text with SHA-256 ${policy.sha256}, cannot be read`,
      { cause },
    )
  })
  const restored = { path: `policy.${policy.sha256.slice(0, 16)}.yaml`, sha256: policy.sha256 }
  await replaceFile(path.join(modelsFolder, restored.path), bytes)
  return restored
}
