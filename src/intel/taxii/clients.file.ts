import { readFile } from 'node:fs/promises'
import { SluiceError } from '../../errors.ts'
import { parseClients, type TaxiiClient } from './clients.ts'

/** @throws SluiceError CONFIG_INVALID */
export const readClients = async (file: string): Promise<readonly TaxiiClient[]> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SluiceError('CONFIG_INVALID', `TAXII clients: ${file} cannot be read`, { cause })
  })
  return parseClients(text)
}
