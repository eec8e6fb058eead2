import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHasher } from '../../../../src/features/hashing.ts'
import { coverageKey, createKeys, shardCount } from '../../../../src/features/keys.ts'

const key = Buffer.from('0123456789abcdef')

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(key).update(bytes).digest()

test('a key of another length is refused', () => {
  expect(() => createHasher(key.subarray(1))).toThrow('15 bytes')
})

test('another key gives other hashes', () => {
  const other = createHasher(Buffer.alloc(16))
  const hasher = createHasher(key)
  expect(other.hashToken('acc-1')).not.toEqual(hasher.hashToken('acc-1'))
  expect(other.hashContent(key)).not.toBe(hasher.hashContent(key))
})

test('keys are as other instances and later versions expect them', () => {
  const keys = createKeys(createHasher(key))
  expect(keys.entity(0, 'acc-1')).toMatchObject({
    key: 'v1:{s1007}:a:76a5b3ef3da54487',
    shard: 1007,
    hash: 0x3da54487,
  })
  expect(keys.entity(5, 'acc-1').key).toBe('v1:{s1007}:m:76a5b3ef3da54487')
  expect(keys.deviceState('acc-1')).toBe('v1:{s1007}:h:76a5b3ef3da54487')
  expect(keys.journal('acc-1', 2)).toBe('v1:{s1007}:j:acc-1:2')
  expect(coverageKey(1007)).toBe('v1:{s1007}:covered')
})

test('hashes are the first 8 bytes of SHA-256 over key and text, remembered or not', () => {
  const hasher = createHasher(key, 4)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 2_000 }), (token) => {
      const expected = digest(Buffer.from(token))
      const hash = { low: expected.readUInt32LE(0), high: expected.readUInt32LE(4) }
      expect(hasher.hashToken(token)).toEqual(hash)
      expect(hasher.hashToken(token)).toEqual(hash)
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3_000 }), (bytes) => {
      expect(hasher.hashContent(bytes)).toBe(digest(bytes).toString('hex', 0, 8))
    }),
  )
})

test('shards are used evenly', () => {
  const keys = createKeys(createHasher(key))
  const used = new Set(Array.from({ length: 10_000 }, (_, n) => keys.entity(0, `acc-${n}`).shard))
  expect(used.size).toBe(shardCount)
})
