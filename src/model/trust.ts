import path from 'node:path'

/** Whose models may score. */
export type Trust = {
  /** What becomes of a model that no current key has signed. */
  readonly unsigned: 'refuse' | 'allow'
  /** Folder of the key ring; null: `keys` in the models folder. */
  readonly keysFolder: string | null
}

export const signedOnly: Trust = { unsigned: 'refuse', keysFolder: null }

/** Who signed a model, or why nobody counts as its signer. */
export type Signer =
  { readonly keyId: string; readonly reason: null } | { readonly keyId: null; readonly reason: string }

/** For work beside the payments, such as scoring a file: the hashes are right, and nobody asked whose they are. */
export const notAsked: Signer = { keyId: null, reason: 'nobody looked for a signature' }

/** Trust as it applies to one models folder. */
export type SignatureCheck = { readonly unsigned: Trust['unsigned']; readonly keysFolder: string }

/** The folder of the key ring in the models folder; no model can be called so. */
export const keysFolderName = 'keys'

export const checkFor = (modelsFolder: string, { unsigned, keysFolder }: Trust): SignatureCheck => ({
  unsigned,
  keysFolder: keysFolder ?? path.join(modelsFolder, keysFolderName),
})
