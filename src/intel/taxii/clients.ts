import { createHash, timingSafeEqual } from 'node:crypto'
import { SluiceError } from '../../errors.ts'
import { tlpLevels, type Tlp } from '../out/tlp.ts'

/** One who may read, up to a marking. */
export type TaxiiClient = { readonly name: string; readonly tlp: Tlp; readonly tokenHash: Buffer }

const linePattern = /^(?<name>[A-Za-z0-9._-]{1,64})\s+(?<tlp>[a-z]+)\s+(?<token>[\x21-\x7e]{32,256})$/

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

const isTlp = (text: string): text is Tlp => (tlpLevels as readonly string[]).includes(text)

/**
 * Who may read: one a line, a name, the highest marking that he may see, and his token. Lines that begin with # and empty
 * ones are left out. @throws SluiceError CONFIG_INVALID, which never repeats a token
 */
export const parseClients = (text: string): readonly TaxiiClient[] => {
  const clients = text.split('\n').flatMap((raw, index): readonly TaxiiClient[] => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return []
    const { name, tlp, token } = linePattern.exec(line)?.groups ?? {}
    if (name === undefined || tlp === undefined || token === undefined || !isTlp(tlp))
      throw new SluiceError(
        'CONFIG_INVALID',
        `TAXII clients, line ${index + 1}: expected a name, one of ${tlpLevels.join(', ')}, and a token of 32 to 256 printable characters`,
      )
    return [{ name, tlp, tokenHash: hashOf(token) }]
  })
  if (clients.length === 0) throw new SluiceError('CONFIG_INVALID', 'TAXII clients: expected at least one')
  return clients
}

const bearer = /^Bearer +(?<token>[\x21-\x7e]+) *$/i

/** Who sent this header `authorization`; null for nobody who is known. */
export const clientOf = (
  clients: readonly TaxiiClient[],
  authorization: string | undefined,
): TaxiiClient | null => {
  const token = bearer.exec(authorization ?? '')?.groups?.['token']
  if (token === undefined) return null
  const given = hashOf(token)
  return clients.find(({ tokenHash }) => timingSafeEqual(tokenHash, given)) ?? null
}
