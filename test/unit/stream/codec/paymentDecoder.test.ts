import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Received, Refused } from '../../../../src/domain/received.ts'
import { createPaymentCodec } from '../../../../src/stream/codec/payment.ts'
import { createPaymentDecoder } from '../../../../src/stream/codec/paymentDecoder.ts'
import { loadSchemas, ownSchemasFolder } from '../../../../src/stream/codec/schemas.file.ts'
import { createSchemas } from '../../../../src/stream/codec/schemas.ts'
import type { RawRecord } from '../../../../src/stream/record.ts'
import { payments } from './arbitraries.ts'
import { barePayment, fullPayment, occurredAt, pan, rawRecord } from './samples.ts'

const schemas = await loadSchemas(ownSchemasFolder)
const codec = createPaymentCodec(schemas)
const deps = {
  schemas,
  maxBytes: 65_536,
  maxFutureMs: 300_000,
  now: () => occurredAt + 30,
  hashContent: (body: Uint8Array) => createHash('sha256').update(body).digest('hex').slice(0, 16),
}
const decode = createPaymentDecoder(deps)

const asJson = (fields: object, given: Partial<RawRecord> = {}): RawRecord =>
  rawRecord(Buffer.from(JSON.stringify(fields)), {
    headers: { 'content-type': 'application/json' },
    ...given,
  })

const received = (result: Received | Refused): Received => {
  if ('reason' in result) throw new Error(`refused: ${result.reason} ${result.field} ${result.detail}`)
  return result
}
const refused = (result: Received | Refused): Refused => {
  if ('reason' in result) return result
  throw new Error('received')
}

describe('a payment', () => {
  it('is received with its source and its time', () => {
    const headers = { 'payment-id': Buffer.from('pay-1'), correlation: 'c-9' }
    expect(decode(rawRecord(codec.encode(barePayment), { headers }))).toEqual({
      payment: barePayment,
      source: { topic: 'payments', partition: 0, offset: 7, timestamp: occurredAt + 20, headers },
      effectiveAt: occurredAt,
      contentHash: expect.stringMatching(/^[0-9a-f]{16}$/),
      enteredAt: 1.5,
    })
  })

  it('has the earlier of both clocks as its time', () => {
    const early = rawRecord(codec.encode(barePayment), { timestamp: occurredAt - 60_000 })
    expect(received(decode(early)).effectiveAt).toBe(occurredAt - 60_000)
  })

  it('is timed by our own clock where Kafka gives no timestamp', () => {
    const ahead = codec.encode({ ...barePayment, occurredAt: occurredAt + 1000 })
    expect(received(decode(rawRecord(ahead, { timestamp: -1 }))).effectiveAt).toBe(deps.now())
  })

  it('may be a little ahead of Kafka', () => {
    const ahead = codec.encode({ ...barePayment, occurredAt: occurredAt + 300_020 })
    expect(received(decode(rawRecord(ahead))).effectiveAt).toBe(occurredAt + 20)
  })

  it('may be JSON, with the same content hash', () => {
    const json = received(decode(asJson(fullPayment)))
    expect(json.payment).toEqual(fullPayment)
    expect(json.contentHash).toBe(received(decode(rawRecord(codec.encode(fullPayment)))).contentHash)
  })

  it('may be JSON that leaves out what has a default, and has fields that are newer than we', () => {
    const { paymentId, amountMinor, currency, accountId } = barePayment
    const short = {
      paymentId,
      occurredAt,
      amountMinor,
      currency,
      channel: 'NFC',
      method: 'TRANSFER',
      accountId,
    }
    const { payment, contentHash } = received(decode(asJson({ ...short, loyalty: { points: 7 } })))
    expect(payment).toEqual({ ...barePayment, channel: 'UNKNOWN' })
    const asAvro = codec.encode({ ...barePayment, channel: 'UNKNOWN' })
    expect(contentHash).toBe(received(decode(rawRecord(asAvro))).contentHash)
  })

  it.each(['application/json', 'Application/JSON', 'application/json; charset=utf-8'])(
    'is JSON where the header says %s',
    (type) => {
      const headers = { 'content-type': Buffer.from(type) }
      expect(received(decode(asJson(barePayment, { headers }))).payment).toEqual(barePayment)
    },
  )

  it('has another content hash where any field differs', () => {
    const hash = (payment: typeof fullPayment) =>
      received(decode(rawRecord(codec.encode(payment)))).contentHash
    const other = { ...fullPayment, sessionId: 'ses-6' }
    expect(hash(other)).not.toBe(hash(fullPayment))
    expect(hash({ ...other, sessionId: 'ses-5' })).toBe(hash(fullPayment))
  })
})

describe('a payment of a newer schema that was added to the folder', () => {
  const v1 = schemas.get('Payment')?.[0]?.text ?? ''
  const v2 = v1
    .replace('"API"]', '"API", "NFC"]')
    .replace(/\]\s*\}\s*$/, ', { "name": "loyalty", "type": ["null", "string"], "default": null }] }')
  const both = createSchemas([
    { name: 'Payment.v1.avsc', text: v1 },
    { name: 'Payment.v2.avsc', text: v2 },
  ])
  const newer = both.get('Payment')?.[1]
  const encodeNewer = (fields: object): Buffer => {
    const header = Buffer.from('c3010000000000000000', 'hex')
    header.writeBigUInt64LE(newer?.fingerprint ?? 0n, 2)
    return Buffer.concat([header, newer?.type.toBuffer(fields) ?? Buffer.alloc(0)])
  }

  it('is read; a symbol that we do not know is UNKNOWN', () => {
    const value = encodeNewer({ ...fullPayment, channel: 'NFC', loyalty: 'gold' })
    const { payment, contentHash } = received(
      createPaymentDecoder({ ...deps, schemas: both })(rawRecord(value)),
    )
    expect(payment).toEqual({ ...fullPayment, channel: 'UNKNOWN' })
    const own = codec.encode({ ...fullPayment, channel: 'UNKNOWN' })
    expect(contentHash).toBe(received(decode(rawRecord(own))).contentHash)
  })

  it('is answered although its schema is not there', () => {
    const value = encodeNewer({ ...fullPayment, loyalty: null })
    expect(decode(rawRecord(value))).toMatchObject({
      reason: 'UNKNOWN_SCHEMA',
      paymentId: fullPayment.paymentId,
      accountId: 'acc-1',
      bytes: value,
    })
  })

  it('that we could not read stops the start', () => {
    const text = v1.replace('"name": "currency"', '"name": "money"')
    const broken = createSchemas([
      { name: 'Payment.v1.avsc', text: v1 },
      { name: 'Payment.v2.avsc', text },
    ])
    expect(() => createPaymentDecoder({ ...deps, schemas: broken })).toThrow('Payment v1 cannot read v2')
  })
})

describe('a record is refused', () => {
  const { currency: _, ...noCurrency } = barePayment
  const sound = codec.encode(barePayment)

  it.each<[string, RawRecord, Refused['reason'], string | null]>([
    ['without a value', rawRecord(null), 'EMPTY', null],
    ['of no bytes', rawRecord(Buffer.alloc(0)), 'EMPTY', null],
    ['that is too large', rawRecord(Buffer.alloc(65_537)), 'OVERSIZED', null],
    [
      'with headers that are too large',
      rawRecord(sound, { headers: { t: 'x'.repeat(65_536) } }),
      'OVERSIZED',
      null,
    ],
    ['of other bytes', rawRecord(Buffer.from('hello, is this a payment?')), 'MALFORMED', null],
    ['with bytes behind its end', rawRecord(Buffer.concat([sound, Buffer.from([0])])), 'MALFORMED', null],
    ['that ends too soon', rawRecord(sound.subarray(0, -1)), 'MALFORMED', 'respondBy'],
    ['of JSON that is none', rawRecord(Buffer.from('{"paymentId"'), jsonHeader()), 'MALFORMED', null],
    ['of JSON that is no record', asJson([barePayment]), 'WRONG_TYPE', null],
    ['without a field', asJson(noCurrency), 'MISSING_FIELD', 'currency'],
    ['with text for a number', asJson({ ...barePayment, amountMinor: '1250' }), 'WRONG_TYPE', 'amountMinor'],
    ['with a number for a text', asJson({ ...barePayment, accountId: 7 }), 'WRONG_TYPE', 'accountId'],
    ['with null for a text', asJson({ ...barePayment, accountId: null }), 'WRONG_TYPE', 'accountId'],
    ['with text for a list', asJson({ ...barePayment, authMethods: 'PIN' }), 'WRONG_TYPE', 'authMethods'],
    [
      'with a number in a list',
      asJson({ ...barePayment, authMethods: ['PIN', 7] }),
      'WRONG_TYPE',
      'authMethods[1]',
    ],
    [
      'with an amount with a fraction',
      asJson({ ...barePayment, amountMinor: 12.5 }),
      'INVALID_AMOUNT',
      'amountMinor',
    ],
    ['with an amount beyond doubles', rawRecord(withAmount(2n ** 60n)), 'INVALID_AMOUNT', 'amountMinor'],
  ])('%s', (_name, record, reason, field) => {
    const result = refused(decode(record))
    expect(result).toMatchObject({ reason, field, key: record.key })
    expect(result.bytes).toBe(record.value)
    expect(result.detail).toMatch(/^expected .*, found /)
  })

  it.each<[keyof typeof barePayment, unknown, Refused['reason']]>([
    ['paymentId', '', 'INVALID_ID'],
    ['paymentId', 'a b', 'INVALID_ID'],
    ['paymentId', 'x'.repeat(129), 'INVALID_ID'],
    ['accountId', 'konto-ä', 'INVALID_ID'],
    ['deviceId', 'dev\n4', 'INVALID_ID'],
    ['attempt', 0, 'INVALID_VALUE'],
    ['attempt', 256, 'INVALID_VALUE'],
    ['amountMinor', -1, 'INVALID_AMOUNT'],
    ['amountMinor', -5, 'INVALID_AMOUNT'],
    ['amountMinor', 1e13 + 1, 'INVALID_AMOUNT'],
    ['currency', 'EURO', 'UNKNOWN_CURRENCY'],
    ['currency', 'eur', 'UNKNOWN_CURRENCY'],
    ['currency', 'XAU', 'UNKNOWN_CURRENCY'],
    ['occurredAt', Date.UTC(1999, 11, 31), 'INVALID_TIME'],
    ['occurredAt', occurredAt + 300_021, 'TIME_IN_FUTURE'],
    ['occurredAt', Date.UTC(2150, 0, 1), 'TIME_IN_FUTURE'],
    ['respondBy', 1000, 'INVALID_TIME'],
    ['respondBy', occurredAt + 2 * 86_400_000, 'INVALID_TIME'],
    ['mcc', '541', 'INVALID_VALUE'],
    ['mcc', '54a1', 'INVALID_VALUE'],
    ['country', 'De', 'INVALID_PLACE'],
    ['country', 'ZZ', 'INVALID_PLACE'],
    ['latitude', 90.5, 'INVALID_PLACE'],
    ['latitude', Number.NaN, 'INVALID_PLACE'],
    ['longitude', null, 'INVALID_PLACE'],
    ['ipAddress', '192.0.2', 'INVALID_VALUE'],
    ['ipAddress', 'fe80::1%eth0', 'INVALID_VALUE'],
    ['authMethods', Array.from({ length: 17 }, () => 'PIN'), 'INVALID_VALUE'],
    ['authMethods', [''], 'INVALID_ID'],
  ])('for its %s %j', (field, value, reason) => {
    const fields = { ...fullPayment, [field]: value }
    const result = refused(decode(rawRecord(codec.encode(fields))))
    const valid = field === 'paymentId' ? null : fullPayment.paymentId
    expect(result).toMatchObject({ reason, paymentId: valid })
    expect(result.field).toMatch(new RegExp(`^${field}`))
    expect(result.detail).toMatch(/^expected .*, found /)
    if (typeof value === 'string' && value !== '') expect(result.detail).not.toContain(`${value} `)
  })

  it('for a channel that is no symbol at all', () => {
    expect(decode(asJson({ ...barePayment, channel: 'app' }))).toMatchObject({
      reason: 'INVALID_VALUE',
      field: 'channel',
    })
  })

  it('for a time a day ahead of our clock, whatever the record says', () => {
    const later = occurredAt + 2 * 86_400_000
    const value = codec.encode({ ...barePayment, occurredAt: later })
    expect(decode(rawRecord(value, { timestamp: later }))).toMatchObject({ reason: 'TIME_IN_FUTURE' })
  })

  it('takes XK for Kosovo', () => {
    received(decode(rawRecord(codec.encode({ ...fullPayment, country: 'XK' }))))
  })

  /** The sound payment with another amount, as bytes. */
  function withAmount(amount: bigint): Buffer {
    const type = schemas.get('Payment')?.[0]?.type
    if (type === undefined) throw new Error('no schema')
    const before = ['paymentId', 'attempt', 'occurredAt'].map((name) =>
      type.field(name).type.toBuffer(Reflect.get(barePayment, name)),
    )
    const start = 10 + Buffer.concat(before).length
    const amountLength = type.field('amountMinor').type.toBuffer(barePayment.amountMinor).length
    return Buffer.concat([
      sound.subarray(0, start),
      varint(amount * 2n),
      sound.subarray(start + amountLength),
    ])
  }
})

const jsonHeader = (): Partial<RawRecord> => ({ headers: { 'content-type': 'application/json' } })

const varint = (value: bigint): Buffer =>
  value < 0x80n
    ? Buffer.from([Number(value)])
    : Buffer.concat([Buffer.from([Number(value & 0x7fn) | 0x80]), varint(value >> 7n)])

describe('the ids of a refused record', () => {
  const readable = { paymentId: 'pay-1', attempt: 1, accountId: 'acc-1' }
  const withHeader = { headers: { 'payment-id': Buffer.from('pay-header') } }

  it('come from the record where that is whole', () => {
    const value = codec.encode({ ...barePayment, accountId: 'acc-2', amountMinor: -1 })
    expect(decode(rawRecord(value, withHeader))).toMatchObject({ ...readable, accountId: 'acc-2' })
  })

  it('come from what is left of it, and its key', () => {
    const sound = codec.encode(barePayment)
    expect(decode(rawRecord(sound.subarray(0, 18)))).toMatchObject(readable)
    expect(decode(rawRecord(sound.subarray(0, 16)))).toMatchObject({ ...readable, attempt: null })
    expect(decode(rawRecord(sound.subarray(0, 15)))).toMatchObject({ paymentId: null, accountId: 'acc-1' })
  })

  it('come from broken and from oversized JSON', () => {
    const json = JSON.stringify(barePayment)
    const broken = rawRecord(Buffer.from(json.slice(0, -1)), jsonHeader())
    expect(decode(broken)).toMatchObject({ reason: 'MALFORMED', paymentId: 'pay-1' })
    const large = asJson({ ...barePayment, padding: ' '.repeat(70_000) })
    expect(decode(large)).toMatchObject({ reason: 'OVERSIZED', paymentId: 'pay-1' })
  })

  it('come from a record whose headers are too large, which are not given on', () => {
    const headers = { 'payment-id': 'pay-header', trace: 'x'.repeat(1_000_000) }
    expect(decode(rawRecord(codec.encode(barePayment), { headers }))).toMatchObject({
      ...readable,
      source: { headers: {} },
      bytes: codec.encode(barePayment),
    })
    expect(decode(rawRecord(null, { headers }))).toMatchObject({
      paymentId: 'pay-header',
      source: { headers: {} },
    })
    const key = Buffer.alloc(1_000_000, 'k')
    expect(
      decode(rawRecord(null, { key, headers: { 'payment-id': 'pay-header', trace: 'abc' } })),
    ).toMatchObject({
      key: null,
      paymentId: 'pay-header',
      source: { headers: { trace: 'abc' } },
    })
  })

  it('come from the header where the record has none', () => {
    for (const value of [null, Buffer.from('???'), Buffer.alloc(70_000)]) {
      expect(decode(rawRecord(value, withHeader))).toMatchObject({ paymentId: 'pay-header' })
    }
    const unusable = codec.encode({ ...barePayment, paymentId: 'not usable' })
    expect(decode(rawRecord(unusable, withHeader))).toMatchObject({ paymentId: 'pay-header' })
  })
})

describe('a card number', () => {
  const texts =
    'paymentId accountId cardToken payeeId merchantId mcc deviceId sessionId ipAddress emailHash phoneHash country currency'.split(
      ' ',
    )
  const leavesNothing = (record: RawRecord, field: string, text: string) => {
    const result = refused(decode(record))
    expect(result).toMatchObject({
      reason: 'PAN_DETECTED',
      field,
      bytes: null,
      source: { offset: 7 },
    })
    expect(result.byteLength).toBe(record.value?.length)
    // Not above: an empty object matches any.
    expect(result.source.headers).toEqual({})
    expect(result.detail).toContain(`${text.length} characters`)
    expect(JSON.stringify(result)).not.toContain('4111')
    return result
  }

  it.each(
    texts.flatMap((field) =>
      [pan, '4111 1111 1111 1111', '4111-1111-1111-1111'].map((text) => [field, text]),
    ),
  )('as %s (%s) is refused and kept nowhere', (field = '', text = '') => {
    const fields = { ...fullPayment, [field]: text }
    const headers = { 'payment-id': Buffer.from('pay-header'), correlation: Buffer.from('c-9') }
    const paymentId = field === 'paymentId' ? null : fullPayment.paymentId
    expect(leavesNothing(rawRecord(codec.encode(fields), { headers }), field, text).paymentId).toBe(paymentId)
    const json = asJson(fields, { headers: { ...headers, 'content-type': 'application/json' } })
    expect(leavesNothing(json, field, text).paymentId).toBe(paymentId)
  })

  it('in a list is refused', () => {
    const value = codec.encode({ ...fullPayment, authMethods: ['PIN', pan] })
    leavesNothing(rawRecord(value), 'authMethods[1]', pan)
  })

  it('in a field that we do not know is refused', () => {
    leavesNothing(asJson({ ...fullPayment, extra: { deep: [{ number: pan }] } }), 'extra', pan)
  })

  it('counts before every other fault', () => {
    const value = codec.encode({ ...fullPayment, amountMinor: -1, sessionId: pan })
    leavesNothing(rawRecord(value), 'sessionId', pan)
  })

  it('as the key is refused, and so is the key', () => {
    const record = rawRecord(codec.encode(barePayment), { key: Buffer.from(pan) })
    expect(leavesNothing(record, 'key', pan)).toMatchObject({
      key: null,
      paymentId: 'pay-1',
      accountId: 'acc-1',
    })
  })

  it('in a header is refused', () => {
    const value = codec.encode(barePayment)
    leavesNothing(rawRecord(value, { headers: { 'payment-id': pan } }), 'header payment-id', pan)
    leavesNothing(rawRecord(value, { headers: { note: Buffer.from(pan) } }), 'header note', pan)
    leavesNothing(rawRecord(value, { headers: { [pan]: 'its name' } }), 'header', pan)
  })

  it('in bytes that cannot be read is refused', () => {
    for (const text of [`{"paymentId":"pay-1","card":"${pan}"`, `\u0000 ${pan} \u0000`]) {
      const result = refused(decode(rawRecord(Buffer.from(text), jsonHeader())))
      expect(result).toMatchObject({ reason: 'PAN_DETECTED', field: null, bytes: null })
    }
  })

  it('inside a header is refused, whatever it is called', () => {
    const value = codec.encode(barePayment)
    const text = 'for 4111-1111-1111-1111, urgent'
    leavesNothing(rawRecord(value, { headers: { baggage: Buffer.from(text) } }), 'header baggage', text)
    leavesNothing(rawRecord(value, { headers: { [`x ${pan}`]: pan } }), 'header', `x ${pan}`)
  })

  it('is not told by the name of the field that holds it', () => {
    const result = refused(decode(asJson({ ...barePayment, [`of ${pan}`]: pan })))
    expect(result).toMatchObject({ reason: 'PAN_DETECTED', field: null, bytes: null })
    expect(JSON.stringify(result)).not.toContain('4111')
  })

  it('is seen in UTF-16', () => {
    const value = Buffer.from(`{"card":"${pan}"}`, 'utf16le')
    expect(decode(rawRecord(value, jsonHeader()))).toMatchObject({ reason: 'PAN_DETECTED', bytes: null })
  })

  it('is not seen in a trace id', () => {
    const headers = { traceparent: `00-4bf92f3577b34da6a3ce929d0e0e4736-${pan}-01` }
    received(decode(rawRecord(codec.encode(barePayment), { headers })))
  })
})

describe('an e-mail address or a phone number in clear', () => {
  const leavesNothing = (record: RawRecord, field: string | null) => {
    const result = refused(decode(record))
    expect(result).toMatchObject({
      reason: 'CONTACT_NOT_HASHED',
      field,
      bytes: null,
      byteLength: record.value?.length,
      source: { offset: 7 },
    })
    expect(result.source.headers).toEqual({})
    expect(result.detail).toMatch(/^expected a hash of .*, found /)
    expect(JSON.stringify(result)).not.toMatch(/jane|4930/)
    return result
  }
  const headers = { 'content-type': 'application/json', correlation: 'c-9' }

  it.each([
    ['emailHash', 'jane@example.com'],
    ['emailHash', 'jane.doe'],
    ['emailHash', 'jane%40example.com'],
    ['phoneHash', '+4930123456'],
    ['phoneHash', '4930123456'],
    ['phoneHash', '+49 30 123456'],
    ['phoneHash', ''],
  ])('as %s (%s) is refused and kept nowhere', (field, text) => {
    const fields = { ...fullPayment, [field]: text }
    for (const record of [rawRecord(codec.encode(fields)), asJson(fields, { headers })])
      expect(leavesNothing(record, field).paymentId).toBe(fullPayment.paymentId)
  })

  it('counts before every fault but a card number, also as a number', () => {
    leavesNothing(asJson({ ...fullPayment, phoneHash: 4930123456 }, { headers }), 'phoneHash')
    const wrong = { ...fullPayment, amountMinor: -1, emailHash: 'jane@example.com' }
    leavesNothing(rawRecord(codec.encode(wrong)), 'emailHash')
    const withCard = codec.encode({ ...wrong, sessionId: pan })
    expect(decode(rawRecord(withCard))).toMatchObject({ reason: 'PAN_DETECTED', bytes: null })
  })

  it.each(['jane@mail.example.com', '+4930123456', '+49 30-123456'])(
    'in bytes (%s) is kept nowhere',
    (text) => {
      leavesNothing(rawRecord(Buffer.from(`{"paymentId":"pay-1","contact":"${text}"`), { headers }), null)
      leavesNothing(asJson({ ...barePayment, amountMinor: -1, contact: text }, { headers }), null)
    },
  )

  it('takes a key with it that holds one, and leaves another', () => {
    const value = codec.encode({ ...barePayment, emailHash: 'jane@example.com' })
    expect(leavesNothing(rawRecord(value), 'emailHash').key).toEqual(Buffer.from('acc-1'))
    expect(leavesNothing(rawRecord(value, { key: Buffer.from('jane@example.com') }), 'emailHash').key).toBe(
      null,
    )
  })

  it('is a hash if it is 32 to 128 hexadecimal digits, and an account may be called name@bank', () => {
    for (const emailHash of ['0'.repeat(32), 'aF'.repeat(64)])
      received(decode(rawRecord(codec.encode({ ...barePayment, emailHash }))))
    for (const emailHash of ['a'.repeat(31), 'a'.repeat(129), 'g'.repeat(32)])
      leavesNothing(rawRecord(codec.encode({ ...barePayment, emailHash })), 'emailHash')
    const refusedOtherwise = codec.encode({ ...barePayment, payeeId: 'name@bank', amountMinor: -1 })
    expect(decode(rawRecord(refusedOtherwise))).toMatchObject({
      reason: 'INVALID_AMOUNT',
      bytes: refusedOtherwise,
    })
  })
})

describe('every valid payment', () => {
  const timestamp = occurredAt + 60_000

  it('is received, the same from JSON and from Avro', () => {
    fc.assert(
      fc.property(payments, (payment) => {
        const avro = received(decode(rawRecord(codec.encode(payment), { timestamp })))
        const json = received(decode(asJson(payment, { timestamp })))
        expect(avro.payment).toEqual(payment)
        expect(json.payment).toEqual(payment)
        expect(json.contentHash).toBe(avro.contentHash)
      }),
    )
  })
})
