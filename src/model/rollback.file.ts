import { SluiceError } from '../errors.ts'
import { bundleHashOf } from './active.ts'
import { readActive, writeActive } from './activeWriter.file.ts'
import { loadBundleOf } from './bundle.file.ts'
import { latestKept, restorePolicy } from './history.file.ts'
import type { Promotion } from './promote.file.ts'
import type { Trust } from './trust.ts'

/**
 * Makes the bundle before the active one active again; called again it goes further back. What it leaves is not kept.
 * Its files are verified first: a model that was changed since is not gone back to.
 * @throws SluiceError; active.json is then as it was
 */
export const rollback = async (modelsFolder: string, trust: Trust): Promise<Promotion> => {
  // Also an active.json that is broken is a reason to go back.
  const current = await readActive(modelsFolder).catch(() => null)
  const kept = await latestKept(modelsFolder, current)
  if (kept === null)
    throw new SluiceError(
      'MODEL_INVALID',
      `${modelsFolder}: no earlier bundle is kept in history/; a promotion keeps the one that it replaces`,
    )
  const active = { ...kept.active, policy: await restorePolicy(modelsFolder, kept.active.policy) }
  await loadBundleOf(modelsFolder, active, trust)
  await writeActive(modelsFolder, active)
  await kept.forget()
  return { active, bundleHash: bundleHashOf(active), measurements: [], refused: [] }
}
