import { rm } from 'node:fs/promises'
import path from 'node:path'
import { type KillSwitch, parseKillSwitch } from '../decision/killSwitch.ts'
import { SluiceError } from '../errors.ts'
import { requireApproved } from '../model/approvals.file.ts'
import { sha256 } from '../model/canonical.ts'
import { readRegularText } from '../model/readInside.file.ts'
import { type ApprovalCheck, approvalCheckFor, type Trust } from '../model/trust.ts'

/** Beside active.json: it counts at once, whatever bundle decides. */
export const killSwitchFile = (modelsFolder: string): string => path.join(modelsFolder, 'kill-switch.yaml')

/** There may be none. */
export const removeKillSwitch = (modelsFolder: string): Promise<void> =>
  rm(killSwitchFile(modelsFolder), { force: true })

/** In an emergency one person must do; where policies need nobody's approval, nobody's. */
export const killSwitchCheck = (modelsFolder: string, trust: Trust): ApprovalCheck => {
  const { needed, approversFolder } = approvalCheckFor(modelsFolder, trust)
  return { needed: Math.min(1, needed), approversFolder }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** The text of the order that lies there; null: none does. */
export const readKillSwitchText = async (modelsFolder: string): Promise<string | null> => {
  const file = killSwitchFile(modelsFolder)
  try {
    return await readRegularText(file, 65_536)
  } catch (cause) {
    if (isMissing(cause)) return null
    throw new SluiceError('POLICY_INVALID', `${file}: cannot be read`, { cause })
  }
}

/**
 * What a text in that place orders, if somebody who may has approved it.
 * @param now epoch milliseconds
 * @throws SluiceError POLICY_INVALID or POLICY_UNAPPROVED
 */
export const understandKillSwitch = async (
  modelsFolder: string,
  text: string,
  trust: Trust,
  now: number,
): Promise<KillSwitch> => {
  const file = killSwitchFile(modelsFolder)
  const order = parseKillSwitch(text, file, now)
  await requireApproved(modelsFolder, file, sha256(text), killSwitchCheck(modelsFolder, trust))
  return order
}
