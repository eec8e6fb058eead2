import { type KeyObject, sign, verify } from 'node:crypto'
import { z } from 'zod'
import { SluiceError } from '../errors.ts'
import { parseJson } from './manifest.ts'
import { keyIdPattern } from './signature.ts'

const approvalSchema = z
  .strictObject({
    keyId: z.string().regex(keyIdPattern, 'expected the id of a key'),
    /** Who it was, for a reader. */
    name: z.string().regex(/^[^\p{Cc}]{1,100}$/u, 'expected 1 to 100 characters on one line'),
    algorithm: z.literal('Ed25519'),
    signedAt: z.iso.datetime('expected a time in UTC, such as 2026-11-26T08:00:00.000Z'),
    /** Of `statementOf`; 64 bytes in base64. */
    signature: z.string().regex(/^[A-Za-z0-9+/]{86}==$/, 'expected 64 bytes in base64'),
  })
  .readonly()
/** One person's word that a policy may decide. */
export type Approval = z.infer<typeof approvalSchema>

const approvalsSchema = z
  .strictObject({
    approvalsVersion: z.literal(1),
    approvals: z.array(approvalSchema).max(50).readonly(),
  })
  .readonly()

/** @throws SluiceError POLICY_UNAPPROVED: approvals that cannot be read are none */
export const parseApprovals = (text: string, origin: string): readonly Approval[] => {
  try {
    return parseJson(approvalsSchema, text, origin).approvals
  } catch (cause) {
    if (!(cause instanceof SluiceError)) throw cause
    throw new SluiceError('POLICY_UNAPPROVED', cause.message, { cause })
  }
}

export const approvalsText = (approvals: readonly Approval[]): string =>
  `${JSON.stringify({ approvalsVersion: 1, approvals }, null, 2)}\n`

type Signed = Pick<Approval, 'keyId' | 'name' | 'signedAt'>

/**
 * What an approver signs: the hash stands for each byte of the policy, and who and when cannot be changed afterwards.
 * @param policySha256 lower-case hexadecimal
 */
export const statementOf = (policySha256: string, { keyId, name, signedAt }: Signed): Buffer =>
  Buffer.from(`sluice policy approval 1\n${policySha256}\n${keyId}\n${name}\n${signedAt}\n`)

export const approve = (policySha256: string, signed: Signed, privateKey: KeyObject): Approval => ({
  keyId: signed.keyId,
  name: signed.name,
  algorithm: 'Ed25519',
  signedAt: signed.signedAt,
  signature: sign(null, statementOf(policySha256, signed), privateKey).toString('base64'),
})

export const isApprovedBy = (policySha256: string, approval: Approval, publicKey: KeyObject): boolean =>
  verify(null, statementOf(policySha256, approval), publicKey, Buffer.from(approval.signature, 'base64'))
