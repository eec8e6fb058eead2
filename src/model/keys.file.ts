import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { SluiceError } from '../errors.ts'
import { findKey, listKeyIds } from './keyRing.file.ts'
import { readArtifact } from './artifact.file.ts'
import {
  keyIdPattern,
  parsePrivateKey,
  type Signature,
  signatureFileName,
  signManifest,
} from './signature.ts'

/** Fails if the file is there: a key is never overwritten. */
const writeNew = async (file: string, text: string, mode: number): Promise<void> => {
  try {
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, text, { flag: 'wx', mode })
  } catch (cause) {
    throw new SluiceError('FILE_INVALID', `${file}: cannot be written anew`, { cause })
  }
}

const isInside = (folder: string, file: string): boolean =>
  !path.relative(folder, path.resolve(file)).startsWith('..')

export type NewKey = { readonly keyId: string; readonly publicFile: string; readonly privateFile: string }

/**
 * Makes a pair of keys: the public half goes to the ring, the private half to a file that only its owner may read.
 * @param modelsFolder the private half must not come to lie in it
 * @throws SluiceError USAGE or FILE_INVALID
 */
export const generateKey = async (
  keyId: string,
  {
    privateFile,
    keysFolder,
    modelsFolder,
  }: Readonly<Record<'privateFile' | 'keysFolder' | 'modelsFolder', string>>,
): Promise<NewKey> => {
  if (!keyIdPattern.test(keyId))
    throw new SluiceError(
      'USAGE',
      `expected a key id of 1 to 64 letters, digits, hyphens or _, got ${JSON.stringify(keyId)}`,
    )
  if ([modelsFolder, keysFolder].some((folder) => isInside(path.resolve(folder), privateFile)))
    throw new SluiceError('USAGE', `${privateFile}: a private key does not belong beside the models`)
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const publicFile = path.join(keysFolder, `${keyId}.pem`)
  if ((await findKey(keysFolder, keyId)) !== null)
    throw new SluiceError('FILE_INVALID', `${keysFolder}: there is a key ${keyId} already`)
  await writeNew(privateFile, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 0o600)
  try {
    await writeNew(publicFile, publicKey.export({ format: 'pem', type: 'spki' }).toString(), 0o644)
  } catch (cause) {
    await rm(privateFile)
    throw cause
  }
  return { keyId, publicFile, privateFile }
}

/** @throws SluiceError KEY_INVALID */
export const readPrivateKey = async (file: string): Promise<KeyObject> => {
  let pem: string
  try {
    pem = await readFile(file, 'utf8')
  } catch (cause) {
    throw new SluiceError('KEY_INVALID', `${file}: cannot be read`, { cause })
  }
  return parsePrivateKey(pem, file)
}

/** The name under which the ring knows the key. @throws SluiceError KEY_INVALID */
export const keyIdOf = async (privateKey: KeyObject, keysFolder: string): Promise<string> => {
  const publicKey = createPublicKey(privateKey)
  for (const keyId of await listKeyIds(keysFolder))
    if ((await findKey(keysFolder, keyId))?.publicKey.equals(publicKey)) return keyId
  throw new SluiceError(
    'KEY_INVALID',
    `${keysFolder}: does not hold the public half of this key as a current one; a signature by it would count for nothing`,
  )
}

/**
 * Signs a model whose files are as its manifest says; an earlier signature is replaced.
 * @throws SluiceError as `readArtifact`, or KEY_INVALID
 */
export const signModel = async (folder: string, keyFile: string, keysFolder: string): Promise<Signature> => {
  const { manifestBytes } = await readArtifact(folder)
  const privateKey = await readPrivateKey(keyFile)
  const keyId = await keyIdOf(privateKey, keysFolder)
  const signature = signManifest(manifestBytes, privateKey, keyId)
  const file = path.join(folder, signatureFileName)
  await writeFile(`${file}.next`, `${JSON.stringify(signature, null, 2)}\n`)
  await rename(`${file}.next`, file)
  return signature
}
