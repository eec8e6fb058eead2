import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createKeyedHash } from '../../../../src/intel/out/keyedHash.ts'

const key = Buffer.alloc(32, 1)

describe('the hash of an identifier', () => {
  it('is HMAC-SHA-256 over kind and value, as docs/sharing.md says', () => {
    const { hash } = createKeyedHash(key)
    expect(hash('payee', 'acct-9')).toBe(createHmac('sha256', key).update('payee\nacct-9').digest('hex'))
    expect(hash('device', 'acct-9')).not.toBe(hash('payee', 'acct-9'))
  })

  it('is one for all ways to write an address', () => {
    const { hash } = createKeyedHash(key)
    expect(hash('ip', '2001:DB8:0:0:0:0:0:1')).toBe(hash('ip', '2001:db8::1'))
    expect(hash('ip', '192.0.2.1')).not.toBe(hash('ip', '192.0.2.2'))
  })

  it('tells which key made it, and another key makes another', () => {
    const other = createKeyedHash(Buffer.alloc(32, 2))
    expect(createKeyedHash(key).keyId).toMatch(/^[0-9a-f]{16}$/)
    expect(createKeyedHash(key).keyId).not.toBe(other.keyId)
    expect(key.toString('hex')).not.toContain(createKeyedHash(key).keyId)
  })
})
