import { rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { SluiceError } from '../errors.ts'
import { readArtifact } from './artifact.file.ts'
import { cardFileName, renderCard } from './card.ts'
import type { SignatureCheck } from './trust.ts'

/**
 * Writes the card beside the manifest of a model whose hashes are right, signed or not.
 * @returns the file and what stands in it
 * @throws SluiceError as `readArtifact`, or FILE_INVALID
 */
export const writeCard = async (
  folder: string,
  { keysFolder }: Pick<SignatureCheck, 'keysFolder'>,
): Promise<{ readonly file: string; readonly text: string }> => {
  const text = renderCard(await readArtifact(folder, undefined, { keysFolder, unsigned: 'allow' }))
  const file = path.join(folder, cardFileName)
  try {
    await writeFile(`${file}.next`, text)
    await rename(`${file}.next`, file)
  } catch (cause) {
    throw new SluiceError('FILE_INVALID', `${file}: cannot be written`, { cause })
  }
  return { file, text }
}
