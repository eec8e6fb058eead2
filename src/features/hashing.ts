import { hash } from 'node:crypto'
import { SluiceError } from '../errors.ts'
import { createBoundedMap } from './boundedMap.ts'

/** 64 bits as two unsigned halves. */
export type Hash64 = { readonly low: number; readonly high: number }

export type Hasher = {
  /** Of an identifier. Remembered for a while: one payment's id is asked for in three stages. */
  hashToken(token: string): Hash64
  /** Of a payment's canonical bytes: 16 hexadecimal digits. */
  hashContent(bytes: Uint8Array): string
}

export const hashKeyBytes = 16

const wordAt = (digest: string, at: number): number =>
  (digest.charCodeAt(at) |
    (digest.charCodeAt(at + 1) << 8) |
    (digest.charCodeAt(at + 2) << 16) |
    (digest.charCodeAt(at + 3) << 24)) >>>
  0

/**
 * Keyed 64-bit hashes: SHA-256 over the key and the text, cut to 8 bytes, so that nobody who chooses
 * identifiers can craft collisions. OpenSSL's one-shot call is faster than SipHash in JavaScript
 * (0.5 against 0.9 us for a token, 0.4 against 2.7 us for a payment), and what is cut off
 * keeps a longer text from being derived from a shorter one.
 * @param key 16 secret bytes; throws CONFIG_INVALID for any other length
 * @param remembered how many tokens keep their hash
 */
export const createHasher = (key: Uint8Array, remembered = 2_048): Hasher => {
  if (key.byteLength !== hashKeyBytes)
    throw new SluiceError('CONFIG_INVALID', `the hash key has ${key.byteLength} bytes, not ${hashKeyBytes}`)
  let scratch = Buffer.alloc(1024)
  scratch.set(key)
  const known = createBoundedMap<string, Hash64>(remembered)

  const reserve = (byteLength: number): void => {
    if (hashKeyBytes + byteLength <= scratch.byteLength) return
    scratch = Buffer.alloc(2 * (hashKeyBytes + byteLength))
    scratch.set(key)
  }

  const keyed = (byteLength: number): Uint8Array => scratch.subarray(0, hashKeyBytes + byteLength)

  return {
    hashToken: (token) => {
      const earlier = known.get(token)
      if (earlier !== undefined) return earlier
      reserve(token.length * 3)
      const digested = hash('sha256', keyed(scratch.write(token, hashKeyBytes)), 'binary')
      const hashed = { low: wordAt(digested, 0), high: wordAt(digested, 4) }
      known.set(token, hashed)
      return hashed
    },
    hashContent: (bytes) => {
      reserve(bytes.byteLength)
      scratch.set(bytes, hashKeyBytes)
      // Not cut from the text of all 32 bytes, which would live as long as the part does.
      return hash('sha256', keyed(bytes.byteLength), 'buffer').toString('hex', 0, 8)
    },
  }
}
