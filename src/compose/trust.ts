import type { Settings } from '../config.ts'
import type { Trust } from '../model/trust.ts'

/** What the operator has set about whose models may score. */
export const trustOf = ({
  unsignedModels,
  modelKeysDir,
}: Pick<Settings, 'unsignedModels' | 'modelKeysDir'>): Trust => ({
  unsigned: unsignedModels,
  keysFolder: modelKeysDir === '' ? null : modelKeysDir,
})
