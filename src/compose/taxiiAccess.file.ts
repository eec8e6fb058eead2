import { readFile } from 'node:fs/promises'
import { SluiceError } from '../errors.ts'

export type TaxiiAccess = { readonly tokenFile?: string | undefined; readonly basicFile?: string | undefined }

const secretIn = async (file: string): Promise<string> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SluiceError('CONFIG_INVALID', `${file} cannot be read`, { cause })
  })
  const secret = text.trim()
  if (/^[\x21-\x7e]{1,4096}$/.test(secret)) return secret
  throw new SluiceError('CONFIG_INVALID', `${file}: expected one line without blanks`)
}

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost'])

/**
 * The header that a TAXII server asks for; null: no file was named.
 * @throws SluiceError CONFIG_INVALID, also for a secret that would go over the network in clear
 */
export const readTaxiiAccess = async (
  { tokenFile, basicFile }: TaxiiAccess,
  server: URL,
): Promise<string | null> => {
  if (tokenFile === undefined && basicFile === undefined) return null
  if (tokenFile !== undefined && basicFile !== undefined)
    throw new SluiceError('USAGE', 'expected --token-file or --basic-file, got both')
  if (server.protocol !== 'https:' && !loopback.has(server.hostname))
    throw new SluiceError('CONFIG_INVALID', `${server.origin}: expected https where a secret is sent`)
  if (tokenFile !== undefined) return `Bearer ${await secretIn(tokenFile)}`
  const secret = await secretIn(basicFile ?? '')
  if (!secret.includes(':'))
    throw new SluiceError('CONFIG_INVALID', `${basicFile}: expected a name, a colon and a password`)
  return `Basic ${Buffer.from(secret).toString('base64')}`
}
