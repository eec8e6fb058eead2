import { readFile, writeFile } from 'node:fs/promises'
import { SluiceError } from '../errors.ts'

/** @throws SluiceError FILE_INVALID */
export const readText = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SluiceError('FILE_INVALID', `${file} cannot be read`, { cause })
  })

/** @throws SluiceError FILE_INVALID */
export const writeText = (file: string, text: string): Promise<void> =>
  writeFile(file, text).catch((cause: unknown) => {
    throw new SluiceError('FILE_INVALID', `${file} cannot be written`, { cause })
  })
