import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { SluiceError } from '../../errors.ts'
import { parseSpec, type TrainingSpec } from './spec.ts'

/** @throws SluiceError FILE_INVALID */
export const readSpec = async (file: string): Promise<TrainingSpec> => {
  try {
    return parseSpec(await readFile(file, 'utf8'), file)
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause
    throw new SluiceError('FILE_INVALID', `${file}: cannot be read`, { cause })
  }
}

/** Of the bytes on disk, so that an artifact can say what it was trained on. */
export const sha256OfFile = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
