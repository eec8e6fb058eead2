import path from 'node:path'

/** Whose models may score, under policies that who has approved. */
export type Trust = {
  /** What becomes of a model that no current key has signed. */
  readonly unsigned: 'refuse' | 'allow'
  /** Folder of the key ring; null: `keys` in the models folder. */
  readonly keysFolder: string | null
  /** Without it a policy needs no approval. */
  readonly approvals?: {
    /** So many people with keys of their own. */
    readonly needed: number
    /** Folder of the approvers' public keys; null: `approvers` in the models folder. */
    readonly approversFolder: string | null
  }
}

export const signedOnly: Trust = { unsigned: 'refuse', keysFolder: null }

/** Who signed a model, or why nobody counts as its signer. */
export type Signer =
  { readonly keyId: string; readonly reason: null } | { readonly keyId: null; readonly reason: string }

/** For work beside the payments, such as scoring a file: the hashes are right, and nobody asked whose they are. */
export const notAsked: Signer = { keyId: null, reason: 'nobody looked for a signature' }

/** Trust as it applies to one models folder. */
export type SignatureCheck = { readonly unsigned: Trust['unsigned']; readonly keysFolder: string }

/** The folder of the key ring in the models folder. */
export const keysFolderName = 'keys'
/** The folder of the approvers' keys in the models folder. */
const approversFolderName = 'approvers'
/** What is given of policies, by the hash of their text. */
export const approvalsFolderName = 'approvals'
/** No model can be called so. */
export const reservedFolders: readonly string[] = [keysFolderName, approversFolderName, approvalsFolderName]

/** Who must have approved a policy of one models folder. */
export type ApprovalCheck = { readonly needed: number; readonly approversFolder: string }

export const approvalCheckFor = (modelsFolder: string, { approvals }: Trust): ApprovalCheck => ({
  needed: approvals?.needed ?? 0,
  approversFolder: approvals?.approversFolder ?? path.join(modelsFolder, approversFolderName),
})

export const checkFor = (modelsFolder: string, { unsigned, keysFolder }: Trust): SignatureCheck => ({
  unsigned,
  keysFolder: keysFolder ?? path.join(modelsFolder, keysFolderName),
})
