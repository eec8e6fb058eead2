import path from 'node:path'
import { writeCard } from '../model/card.file.ts'
import { generateKey, signModel } from '../model/keys.file.ts'
import type { SignatureCheck } from '../model/trust.ts'
import { required } from './options.ts'
import type { Result } from './result.ts'

/** `sluice model keygen`, and `sluice policy keygen` with the approvers' folder. */
export const keygen = async (
  keyId: string | undefined,
  out: string | undefined,
  modelsFolder: string,
  { keysFolder }: Pick<SignatureCheck, 'keysFolder'>,
): Promise<Result> => {
  const made = await generateKey(required(keyId, 'the key id'), {
    privateFile: required(out, '--out'),
    keysFolder,
    modelsFolder,
  })
  return {
    json: made,
    text: `${made.publicFile}: the public half, for those who check\n${made.privateFile}: the private half; keep it secret, it is nowhere else\n`,
  }
}

/** `sluice model sign`; the card is made anew, as it says who signed. */
export const sign = async (
  model: string | undefined,
  key: string | undefined,
  modelsFolder: string,
  { keysFolder }: SignatureCheck,
): Promise<Result> => {
  const folder = path.join(modelsFolder, required(model, 'the model (NAME/VERSION)'))
  const { keyId, algorithm } = await signModel(folder, required(key, '--key'), keysFolder)
  const { file } = await writeCard(folder, { keysFolder })
  return {
    json: { signed: model, keyId, algorithm, card: file },
    text: `${folder}: signed by ${keyId}\n${file}: says so\n`,
  }
}

/** `sluice model card` */
export const card = async (
  model: string | undefined,
  modelsFolder: string,
  { keysFolder }: SignatureCheck,
): Promise<Result> => {
  const folder = path.join(modelsFolder, required(model, 'the model (NAME/VERSION)'))
  const { file, text } = await writeCard(folder, { keysFolder })
  return { json: { card: file }, text }
}
