import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { SluiceError } from '../errors.ts'
import { approvalsText, approve, type Approval, isApprovedBy, parseApprovals } from './approval.ts'
import { replaceFile } from './history.file.ts'
import { findKey } from './keyRing.file.ts'
import { keyIdOf, readPrivateKey } from './keys.file.ts'
import { readInsideIfThere } from './readInside.file.ts'
import { type ApprovalCheck, approvalsFolderName } from './trust.ts'

const mostBytes = 65_536

/** `<models>/approvals/<SHA-256>.json`: an edit leaves the approvals behind, and going back finds them again. */
const fileOf = (policySha256: string): string => `${policySha256}.json`

/** Those that were given, right or wrong. @throws SluiceError POLICY_UNAPPROVED for a file that cannot be understood */
const readApprovals = async (modelsFolder: string, policySha256: string): Promise<readonly Approval[]> => {
  const folder = path.join(modelsFolder, approvalsFolderName)
  const bytes = await readInsideIfThere(folder, fileOf(policySha256), mostBytes)
  return bytes === null ? [] : parseApprovals(bytes.toString('utf8'), path.join(folder, fileOf(policySha256)))
}

export type Approver = Pick<Approval, 'keyId' | 'name' | 'signedAt'>
/** Who has approved a policy, and which approvals do not count, with the reason. */
export type Approved = { readonly approvers: readonly Approver[]; readonly notCounted: readonly string[] }

/**
 * Says who has approved, whether enough or not. A key that lies in the ring under two names is one person's.
 * @throws SluiceError POLICY_UNAPPROVED or KEY_INVALID
 */
export const readApproved = async (
  modelsFolder: string,
  policySha256: string,
  approversFolder: string,
): Promise<Approved> => {
  const approvers: Approver[] = []
  const notCounted: string[] = []
  const keys: string[] = []
  for (const approval of await readApprovals(modelsFolder, policySha256)) {
    const { keyId, name, signedAt } = approval
    const key = await findKey(approversFolder, keyId)
    if (key === null) notCounted.push(`key ${keyId} is unknown`)
    else if (key.status === 'retired') notCounted.push(`key ${keyId} is retired`)
    else if (!isApprovedBy(policySha256, approval, key.publicKey))
      notCounted.push(`the signature of key ${keyId} is wrong`)
    else {
      const bytes = key.publicKey.export({ format: 'der', type: 'spki' }).toString('hex')
      if (keys.includes(bytes)) notCounted.push(`key ${keyId} has approved already`)
      else {
        keys.push(bytes)
        approvers.push({ keyId, name, signedAt })
      }
    }
  }
  return { approvers, notCounted }
}

/**
 * Refuses a policy that too few have approved.
 * @param what names it in the message
 * @throws SluiceError POLICY_UNAPPROVED
 */
export const requireApproved = async (
  modelsFolder: string,
  what: string,
  policySha256: string,
  check: ApprovalCheck,
): Promise<void> => {
  if (check.needed === 0) return
  const { approvers, notCounted } = await readApproved(modelsFolder, policySha256, check.approversFolder)
  if (approvers.length >= check.needed) return
  const found = approvers.length === 0 ? 'none' : approvers.map(({ keyId }) => keyId).join(', ')
  throw new SluiceError(
    'POLICY_UNAPPROVED',
    `${what}: expected the approval of ${check.needed} with keys in ${check.approversFolder}, ` +
      `found ${[found, ...notCounted].join('; ')} (SHA-256 ${policySha256}); approve it with sluice policy sign`,
  )
}

export type Approving = {
  readonly modelsFolder: string
  readonly policySha256: string
  readonly keyFile: string
  readonly name: string | null
  readonly approversFolder: string
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * Adds an approval; an earlier one by the same key is replaced.
 * @throws SluiceError KEY_INVALID if the ring does not hold the public half of the key
 */
export const addApproval = async (order: Approving): Promise<Approval> => {
  const { modelsFolder, policySha256, approversFolder } = order
  const privateKey = await readPrivateKey(order.keyFile)
  const keyId = await keyIdOf(privateKey, approversFolder)
  const signedAt = new Date(order.now).toISOString()
  const approval = approve(policySha256, { keyId, name: order.name ?? keyId, signedAt }, privateKey)
  const before = await readApprovals(modelsFolder, policySha256)
  const text = approvalsText([...before.filter((each) => each.keyId !== keyId), approval])
  const file = path.join(modelsFolder, approvalsFolderName, fileOf(policySha256))
  parseApprovals(text, file)
  await mkdir(path.dirname(file), { recursive: true })
  await replaceFile(file, text)
  return approval
}
