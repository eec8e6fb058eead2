import { createHash, createHmac } from 'node:crypto'
import { isIPv6 } from 'node:net'

/** What of a payment is shared, as a hash. */
export const identifierKinds = ['payee', 'device', 'ip', 'email', 'phone'] as const
export type IdentifierKind = (typeof identifierKinds)[number]

export type KeyedHash = {
  /** Tells which key made a hash without telling the key: 16 hexadecimal digits. */
  readonly keyId: string
  /** HMAC-SHA-256, hexadecimal, over the kind and the value: a payee and a device of one name have nothing in common. */
  readonly hash: (kind: IdentifierKind | 'payment', value: string) => string
}

/** The one way to write an IPv6 address that has several (RFC 5952, as URLs have it). */
const plainIp = (address: string): string =>
  isIPv6(address) ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address

/** @param key 16 to 64 bytes, for sharing alone */
export const createKeyedHash = (key: Buffer): KeyedHash => ({
  keyId: createHash('sha256').update('sluice sharing key\n').update(key).digest('hex').slice(0, 16),
  hash: (kind, value) =>
    createHmac('sha256', key)
      .update(`${kind}\n${kind === 'ip' ? plainIp(value) : value}`)
      .digest('hex'),
})
