import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32c } from '../../../../src/stream/produce/crc32c.ts'

const kafkajsCrc32c = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/crc32C') as (
  bytes: Uint8Array,
) => number

const crcOf = (bytes: Uint8Array): number => crc32c(bytes, 0, bytes.length)

describe('crc32c', () => {
  // RFC 3720, appendix B.4, and the check value of the catalogue of parametrised CRC algorithms.
  it.each([
    ['nothing', Buffer.alloc(0), 0],
    ['32 zeroes', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['32 that grow', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
    ['the digits', Buffer.from('123456789'), 0xe3069283],
  ])('of %s', (_, bytes, expected) => {
    expect(crcOf(bytes)).toBe(expected)
  })

  it('is kafkajs’s, of any part of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), fc.nat(200), (bytes, from, length) => {
        const to = Math.min(from + length, bytes.length)
        expect(crc32c(bytes, from, to)).toBe(kafkajsCrc32c(bytes.subarray(from, to)))
      }),
    )
  })
})
