import path from 'node:path'
import { trustOf } from '../compose/trust.ts'
import { type CheckedPolicy, checkPolicy } from '../compose/policyCheck.ts'
import type { Settings } from '../config.ts'
import { type Approved, readApproved } from '../model/approvals.file.ts'
import { readPolicyFile } from '../model/policy.file.ts'
import { type ApprovalCheck, approvalCheckFor } from '../model/trust.ts'

/** A policy file with all that can be said of it without a payment. */
export type PolicyOnDisk = CheckedPolicy & {
  readonly file: string
  readonly text: string
  readonly sha256: string
  readonly check: ApprovalCheck
  readonly approved: Approved
}

/** @param given null: `policy.yaml` of the models folder */
export const openPolicy = async (
  given: string | undefined,
  models: string,
  settings: Settings,
  now: number,
): Promise<PolicyOnDisk> => {
  const file = given ?? path.join(models, 'policy.yaml')
  const { text, sha256 } = await readPolicyFile(file)
  const check = approvalCheckFor(models, trustOf(settings))
  return {
    ...checkPolicy(text, settings.historyRetentionDays * 86_400_000, now),
    file,
    text,
    sha256,
    check,
    approved: await readApproved(models, sha256, check.approversFolder),
  }
}

/** Who has approved it, for a person to read. */
export const approvalLines = ({ check, approved, sha256 }: PolicyOnDisk): readonly string[] => [
  `SHA-256 ${sha256}`,
  ...approved.approvers.map(
    ({ keyId, name, signedAt }) => `approved by ${name} (key ${keyId}) at ${signedAt}`,
  ),
  ...approved.notCounted.map((reason) => `an approval does not count: ${reason}`),
  `${approved.approvers.length} of ${check.needed} approvals that SLUICE_POLICY_APPROVALS asks for`,
]
