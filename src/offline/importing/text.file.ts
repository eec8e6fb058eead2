import { readFile } from 'node:fs/promises'
import { SluiceError } from '../../errors.ts'

/** @throws SluiceError FILE_INVALID */
export const readText = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new SluiceError('FILE_INVALID', `${file}: cannot be read`, { cause })
  }
}
