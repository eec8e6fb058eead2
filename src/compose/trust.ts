import type { Settings } from '../config.ts'
import type { Trust } from '../model/trust.ts'

/** What the operator has set about whose models may score, and how many must approve a policy. */
export const trustOf = ({
  unsignedModels,
  modelKeysDir,
  policyApprovals,
  policyApproversDir,
}: Pick<Settings, 'unsignedModels' | 'modelKeysDir' | 'policyApprovals' | 'policyApproversDir'>): Trust => ({
  unsigned: unsignedModels,
  keysFolder: modelKeysDir === '' ? null : modelKeysDir,
  approvals: {
    needed: policyApprovals,
    approversFolder: policyApproversDir === '' ? null : policyApproversDir,
  },
})
