import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { putVarint, sizeOfVarint } from '../../../../src/stream/produce/varint.ts'

type Encoder = {
  readonly buffer: Buffer
  readonly writeVarInt: (value: number) => Encoder
  readonly writeVarLong: (value: number) => Encoder
}
const KafkajsEncoder = createRequire(import.meta.url)('kafkajs/src/protocol/encoder') as new () => Encoder

const written = (value: number): Buffer => {
  const cursor = { bytes: Buffer.alloc(10), at: 0 }
  putVarint(cursor, value)
  return cursor.bytes.subarray(0, cursor.at)
}

describe('varints', () => {
  it.each([
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [63, '7e'],
    [64, '8001'],
    [-64, '7f'],
    [-65, '8101'],
    [2 ** 31 - 1, 'feffffff0f'],
  ])('%d', (value, hex) => {
    expect(written(value).toString('hex')).toBe(hex)
  })

  it('has no size for what is not known', () => {
    expect(sizeOfVarint(NaN)).toBeNaN()
  })

  it('are kafkajs’s varints, and of the size that was said', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 30), max: 2 ** 30 - 1 }), (value) => {
        expect(written(value)).toEqual(new KafkajsEncoder().writeVarInt(value).buffer)
        expect(sizeOfVarint(value)).toBe(written(value).length)
      }),
    )
  })

  it('are kafkajs’s varlongs', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), (value) => {
        expect(written(value)).toEqual(new KafkajsEncoder().writeVarLong(value).buffer)
        expect(sizeOfVarint(value)).toBe(written(value).length)
      }),
    )
  })
})
