import path from 'node:path'
import { SluiceError } from '../errors.ts'
import { findKey, listKeyIds } from './keyRing.file.ts'
import { readInsideIfThere } from './readInside.file.ts'
import { isSignedBy, parseSignature, signatureFileName } from './signature.ts'
import type { SignatureCheck, Signer } from './trust.ts'

const mostSignatureBytes = 4096

const known = async (keysFolder: string): Promise<string> => {
  const ids = await listKeyIds(keysFolder)
  return ids.length === 0 ? `${keysFolder} holds no key` : `known are ${ids.join(', ')}`
}

/**
 * Looks for a valid signature over the manifest's bytes.
 * @param keysFolder the key ring
 * @throws SluiceError MODEL_UNSIGNED for a signature that is wrong: whoever allows unsigned models does not allow
 *   those that were changed after signing
 */
const findSigner = async (folder: string, manifest: Uint8Array, keysFolder: string): Promise<Signer> => {
  const file = path.join(folder, signatureFileName)
  const bytes = await readInsideIfThere(folder, signatureFileName, mostSignatureBytes)
  if (bytes === null)
    return { keyId: null, reason: `${folder}: is not signed: there is no ${signatureFileName}` }
  const signature = parseSignature(bytes.toString('utf8'), file)
  const key = await findKey(keysFolder, signature.keyId)
  if (key === null)
    return { keyId: null, reason: `${file}: key ${signature.keyId} is unknown; ${await known(keysFolder)}` }
  if (!isSignedBy(manifest, signature, key.publicKey))
    throw new SluiceError(
      'MODEL_UNSIGNED',
      `${file}: the signature is not that of key ${key.keyId} over manifest.json as it is now`,
    )
  if (key.status === 'retired')
    return { keyId: null, reason: `${file}: key ${key.keyId} is retired; ${await known(keysFolder)}` }
  return { keyId: key.keyId, reason: null }
}

/**
 * Whose signature a model bears.
 * @throws SluiceError MODEL_UNSIGNED unless a current key of the ring signed the manifest, or it may be unsigned
 */
export const verifySignature = async (
  folder: string,
  manifest: Uint8Array,
  { keysFolder, unsigned }: SignatureCheck,
): Promise<Signer> => {
  const signer = await findSigner(folder, manifest, keysFolder)
  if (signer.keyId !== null || unsigned === 'allow') return signer
  throw new SluiceError(
    'MODEL_UNSIGNED',
    `${signer.reason}; sign it with sluice model sign, or set SLUICE_UNSIGNED_MODELS=allow where nothing is at stake`,
  )
}
