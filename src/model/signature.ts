import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { z } from 'zod'
import { SluiceError } from '../errors.ts'
import { parseJson } from './manifest.ts'

/** Stands beside the manifest. */
export const signatureFileName = 'manifest.sig.json'

/** Becomes the name of a file. */
export const keyIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/
const keyId = z
  .string()
  .regex(keyIdPattern, 'expected 1 to 64 letters, digits, hyphens or _, a letter or digit first')

const signatureSchema = z
  .strictObject({
    signatureVersion: z.literal(1),
    keyId,
    algorithm: z.literal('Ed25519'),
    /** Of the bytes of manifest.json as they are; 64 bytes in base64. */
    signature: z.string().regex(/^[A-Za-z0-9+/]{86}==$/, 'expected 64 bytes in base64'),
  })
  .readonly()

/** Who answers for a manifest, and so, through its hashes, for every file of the model. */
export type Signature = z.infer<typeof signatureSchema>

/** @throws SluiceError MODEL_UNSIGNED: a signature that cannot be read is none */
export const parseSignature = (text: string, origin: string): Signature => {
  try {
    return parseJson(signatureSchema, text, origin)
  } catch (cause) {
    if (!(cause instanceof SluiceError)) throw cause
    throw new SluiceError('MODEL_UNSIGNED', cause.message, { cause })
  }
}

const ed25519 = (read: () => KeyObject, expected: string): KeyObject => {
  let key: KeyObject
  try {
    key = read()
  } catch (cause) {
    throw new SluiceError('KEY_INVALID', `expected ${expected}`, { cause })
  }
  if (key.asymmetricKeyType === 'ed25519') return key
  throw new SluiceError('KEY_INVALID', `expected ${expected}, found ${key.asymmetricKeyType}`)
}

/** @throws SluiceError KEY_INVALID */
export const parsePublicKey = (pem: string, origin: string): KeyObject => {
  // A private key would be taken for its public half: it must not lie in the ring unnoticed.
  if (pem.includes('PRIVATE KEY'))
    throw new SluiceError(
      'KEY_INVALID',
      `${origin}: holds a private key, which does not belong here; expected the public half`,
    )
  return ed25519(() => createPublicKey(pem), `${origin}: an Ed25519 public key as PEM`)
}

/** @throws SluiceError KEY_INVALID */
export const parsePrivateKey = (pem: string, origin: string): KeyObject =>
  ed25519(() => createPrivateKey(pem), `${origin}: an Ed25519 private key as PEM (PKCS #8, not encrypted)`)

export const signManifest = (manifest: Uint8Array, privateKey: KeyObject, id: string): Signature => ({
  signatureVersion: 1,
  keyId: id,
  algorithm: 'Ed25519',
  signature: sign(null, manifest, privateKey).toString('base64'),
})

export const isSignedBy = (manifest: Uint8Array, { signature }: Signature, publicKey: KeyObject): boolean =>
  verify(null, manifest, publicKey, Buffer.from(signature, 'base64'))
