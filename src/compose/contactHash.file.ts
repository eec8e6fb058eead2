import { createHash, createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { SluiceError } from '../errors.ts'

/** An e-mail address or phone number as payments carry it: lower-case hexadecimal digits. */
export type HashContact = (contact: string) => string

const plain: HashContact = (contact) => createHash('sha256').update(contact).digest('hex')

/**
 * The hash of the switch: HMAC-SHA-256 with the key in the file, else plain SHA-256.
 * @param file empty: there is no key
 * @throws SluiceError CONFIG_INVALID
 */
export const readContactHash = async (file: string): Promise<HashContact> => {
  if (file === '') return plain
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SluiceError('CONFIG_INVALID', 'SLUICE_CONTACT_HASH_KEY_FILE cannot be read', { cause })
  })
  if (!/^(?:[0-9A-Fa-f]{2}){16,64}$/.test(text.trim()))
    throw new SluiceError(
      'CONFIG_INVALID',
      'SLUICE_CONTACT_HASH_KEY_FILE: expected a file of 32 to 128 hexadecimal digits, an even number',
    )
  const key = Buffer.from(text.trim(), 'hex')
  return (contact) => createHmac('sha256', key).update(contact).digest('hex')
}
