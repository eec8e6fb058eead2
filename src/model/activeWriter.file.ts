import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { SluiceError } from '../errors.ts'
import { type Active, bundleHashOf, parseActive } from './active.ts'
import { sha256 } from './canonical.ts'
import { readRegularText } from './readInside.file.ts'
import { keepActive, keepPolicy, replaceFile } from './history.file.ts'

const activeFile = (modelsFolder: string): string => path.join(modelsFolder, 'active.json')

/** @throws SluiceError MODEL_INVALID */
export const readActive = async (modelsFolder: string): Promise<Active> => {
  const file = activeFile(modelsFolder)
  try {
    return parseActive(await readRegularText(file), file)
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause
    throw new SluiceError('MODEL_INVALID', `${file}: cannot be read`, { cause })
  }
}

/** The policy file as it is now, for a bundle. */
export const sealPolicy = async (modelsFolder: string, policyPath: string): Promise<Active['policy']> => {
  const file = path.join(modelsFolder, policyPath)
  try {
    return { path: policyPath, sha256: sha256(await readFile(file)) }
  } catch (cause) {
    throw new SluiceError('POLICY_INVALID', `${file}: cannot be read`, { cause })
  }
}

/**
 * Puts a bundle in the place of the active one, which is kept to go back to. A broken active.json is replaced too:
 * it is nothing to go back to.
 */
export const promoteActive = async (modelsFolder: string, active: Active): Promise<void> => {
  const before = await readActive(modelsFolder).catch(() => null)
  await keepPolicy(modelsFolder, active.policy)
  if (before !== null && bundleHashOf(before) !== bundleHashOf(active)) await keepActive(modelsFolder, before)
  await writeActive(modelsFolder, active)
}

/** Replaces active.json in one step: a reader sees the old bundle or the new one, never a part. */
export const writeActive = async (modelsFolder: string, active: Active): Promise<void> => {
  const file = activeFile(modelsFolder)
  const text = `${JSON.stringify(active, null, 2)}\n`
  parseActive(text, file)
  await replaceFile(file, text)
}
