import { describe, expect, it } from 'vitest'
import { deadLetter, switchHeaders, toRawRecord } from '../../../src/stream/messages.ts'
import { createPaymentDecoder } from '../../../src/stream/codec/paymentDecoder.ts'
import { loadSchemas, ownSchemasFolder } from '../../../src/stream/codec/schemas.file.ts'

const decode = createPaymentDecoder({
  schemas: await loadSchemas(ownSchemasFolder),
  maxBytes: 65_536,
  maxFutureMs: 300_000,
  now: () => Date.UTC(2026, 0, 1),
  hashContent: () => '0000000000000000',
})

const recordWith = (
  headers: NonNullable<Parameters<typeof toRawRecord>[2]['headers']>,
  value = Buffer.from('?'),
) => toRawRecord('payments', 0, { key: null, value, timestamp: '1767225600000', offset: '7', headers }, 0)

/** As kafkajs builds it: an own property, whatever the name. */
const hostileHeaders = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, string>

describe('messages', () => {
  it.each([
    ['a header without a value', { trace: null, 'payment-id': Buffer.from('pay-1') }],
    ['a header that is given twice, once without a value', { 'payment-id': ['pay-0', null, 'pay-1'] }],
    ['headers named like parts of an object', { ...hostileHeaders, 'payment-id': 'pay-1' }],
  ])('%s is no trouble: the record is answered', (_, headers) => {
    const decoded = decode(recordWith(headers))
    expect(decoded).toMatchObject({ reason: 'MALFORMED', paymentId: 'pay-1' })
    const kept = switchHeaders(decoded.source.headers)
    expect(Object.values(kept).every((value) => value !== null && value !== undefined)).toBe(true)
  })

  it.each(['-1', '0', '-5000', '8000000000000000', '9200000000000000000', 'NaN'])(
    'takes no time that no contract holds: %s',
    (timestamp) => {
      const message = { key: null, value: null, timestamp, offset: '7' }
      expect(toRawRecord('payments', 0, message, 0).timestamp).toBe(-1)
    },
  )

  it('gives the last of several values, and the names as they are', () => {
    const { headers } = recordWith({ ...hostileHeaders, trace: ['a', 'b'] })
    expect(Object.entries(headers)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['trace', 'b'],
    ])
  })

  it('keeps of a huge record what a dead letter can hold', () => {
    const refused = decode(recordWith({}, Buffer.alloc(5_000_000)))
    if (!('reason' in refused)) throw new Error('it was not refused')
    const letter = deadLetter(refused)
    expect(letter.value?.byteLength).toBe(131_072)
    expect(letter.headers).toMatchObject({ 'sluice-reason': 'OVERSIZED', 'sluice-byte-length': '5000000' })
  })
})
