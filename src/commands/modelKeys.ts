import path from 'node:path'
import { generateKey, signModel } from '../model/keys.file.ts'
import type { SignatureCheck } from '../model/trust.ts'
import { required } from './options.ts'
import type { Result } from './result.ts'

/** `sluice model keygen` */
export const keygen = async (
  keyId: string | undefined,
  out: string | undefined,
  modelsFolder: string,
  { keysFolder }: SignatureCheck,
): Promise<Result> => {
  const made = await generateKey(required(keyId, 'the key id'), {
    privateFile: required(out, '--out'),
    keysFolder,
    modelsFolder,
  })
  return {
    json: made,
    text: `${made.publicFile}: the public half, for the key ring\n${made.privateFile}: the private half; keep it secret, it is nowhere else\n`,
  }
}

/** `sluice model sign` */
export const sign = async (
  model: string | undefined,
  key: string | undefined,
  modelsFolder: string,
  { keysFolder }: SignatureCheck,
): Promise<Result> => {
  const folder = path.join(modelsFolder, required(model, 'the model (NAME/VERSION)'))
  const { keyId, algorithm } = await signModel(folder, required(key, '--key'), keysFolder)
  return { json: { signed: model, keyId, algorithm }, text: `${folder}: signed by ${keyId}\n` }
}
