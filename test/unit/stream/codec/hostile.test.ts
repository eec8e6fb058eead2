import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { looksLikePan } from '../../../../src/domain/pan.ts'
import { refusalReasons, type Received, type Refused } from '../../../../src/domain/received.ts'
import {
  createAccountEventDecoder,
  createAccountEventCodec,
} from '../../../../src/stream/codec/accountEvent.ts'
import { createAuditCodec } from '../../../../src/stream/codec/audit.ts'
import { createDecisionCodec } from '../../../../src/stream/codec/decision.ts'
import {
  createDeviceHealthCodec,
  createDeviceHealthDecoder,
} from '../../../../src/stream/codec/deviceHealth.ts'
import { createPaymentCodec } from '../../../../src/stream/codec/payment.ts'
import { createPaymentDecoder } from '../../../../src/stream/codec/paymentDecoder.ts'
import {
  createRiskFeedbackCodec,
  createRiskFeedbackDecoder,
} from '../../../../src/stream/codec/riskFeedback.ts'
import { loadSchemas, ownSchemasFolder } from '../../../../src/stream/codec/schemas.file.ts'
import * as samples from './samples.ts'
import { payments } from './arbitraries.ts'

const schemas = await loadSchemas(ownSchemasFolder)
const codec = createPaymentCodec(schemas)
const deps = {
  schemas,
  maxBytes: 4096,
  maxFutureMs: 300_000,
  now: () => samples.occurredAt,
  hashContent: () => '0123456789abcdef',
  proofProblem: () => null,
}
const decode = createPaymentDecoder(deps)
const decodeReport = createDeviceHealthDecoder(deps)
const decodeEvent = createAccountEventDecoder(deps)
const decodeFeedback = createRiskFeedbackDecoder(deps)

const reasons: ReadonlySet<string> = new Set(refusalReasons)

/** What must hold for whatever comes in. */
const isAnswered = (result: Received | Refused): boolean => {
  if (!('reason' in result)) return result.payment.paymentId.length > 0
  const kept = [
    result.detail,
    result.field,
    result.paymentId,
    result.accountId,
    result.key?.toString('latin1'),
  ]
  expect(reasons.has(result.reason)).toBe(true)
  expect(result.detail).toMatch(/^expected .*, found /)
  expect(kept.filter((text) => looksLikePan(text ?? ''))).toEqual([])
  const unkept = ['PAN_DETECTED', 'CONTACT_NOT_HASHED']
  expect(result.bytes === null).toBe(unkept.includes(result.reason))
  return true
}

const header = codec.encode(samples.barePayment).subarray(0, 10)

/** Changes to valid bytes, as an arbitrary of functions. */
const mutations: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat(7)).map(([at, bit]) => (bytes: Buffer) => {
    const flipped = Buffer.from(bytes)
    const index = at % bytes.length
    flipped[index] = (flipped[index] ?? 0) ^ (1 << bit)
    return flipped
  }),
  fc.nat().map((at) => (bytes: Buffer) => bytes.subarray(0, at % bytes.length)),
  fc
    .uint8Array({ minLength: 1, maxLength: 20 })
    .map((more) => (bytes: Buffer) => Buffer.concat([bytes, more])),
  fc
    .tuple(
      fc.nat(),
      fc.constantFrom('ffffffffffffffffff01', 'feffffff0f', '01', '80808080808080808080', 'fffe03', '7f'),
    )
    .map(([at, varint]) => (bytes: Buffer) => {
      const index = 10 + (at % Math.max(1, bytes.length - 10))
      return Buffer.concat([bytes.subarray(0, index), Buffer.from(varint, 'hex'), bytes.subarray(index)])
    }),
)

describe('lengths and counts that lie', () => {
  const before = codec.encode(samples.barePayment).subarray(10, -2) // all but authMethods and respondBy

  it.each([
    ['2^31 items', '02feffffff1f'],
    ['2^62 items', '02feffffffffffffff7f'],
    ['-2^31 items and a size', '02ffffffff1f02'],
    ['an endless number', '02ffffffffffffffffffffffffff'],
    ['a list without an end', '02020261'],
  ])('are refused at once: %s', (_, tail) => {
    const started = performance.now()
    const value = Buffer.concat([header, before, Buffer.from(tail, 'hex')])
    expect(decode(samples.rawRecord(value))).toMatchObject({
      reason: 'MALFORMED',
      field: 'authMethods',
      paymentId: 'pay-1',
    })
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('are refused where a text is said to be longer than the record', () => {
    const value = Buffer.concat([header, Buffer.from('feffffff0f41', 'hex')])
    expect(decode(samples.rawRecord(value))).toMatchObject({ reason: 'MALFORMED', field: 'paymentId' })
  })

  it('are taken where Avro allows the form: a list in two blocks, one with its size', () => {
    const blocks = Buffer.from('02' + '010402' + '61' + '020262' + '00' + '00', 'hex')
    const value = Buffer.concat([header, before, blocks])
    expect(decode(samples.rawRecord(value))).toMatchObject({ payment: { authMethods: ['a', 'b'] } })
  })
})

describe('whatever comes in', () => {
  it('is answered: random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) =>
        isAnswered(decode(samples.rawRecord(Buffer.from(bytes)))),
      ),
      { numRuns: 500 },
    )
  })

  it('is answered: random bytes behind our fingerprint', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (body) =>
        isAnswered(decode(samples.rawRecord(Buffer.concat([header, body])))),
      ),
      { numRuns: 600 },
    )
  })

  it('is answered: valid payments with bytes changed', () => {
    fc.assert(
      fc.property(payments, fc.array(mutations, { minLength: 1, maxLength: 3 }), (payment, changes) => {
        const value = changes.reduce(
          (bytes, change) => (bytes.length === 0 ? bytes : change(bytes)),
          codec.encode(payment),
        )
        return isAnswered(decode(samples.rawRecord(value)))
      }),
      { numRuns: 600 },
    )
  })

  it('is answered: any JSON, in any field', () => {
    const headers = { 'content-type': 'application/json' }
    const field = fc.constantFrom(...Object.keys(samples.fullPayment))
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) =>
        isAnswered(decode(samples.rawRecord(Buffer.from(text), { headers }))),
      ),
    )
    fc.assert(
      fc.property(field, fc.jsonValue(), (name, value) => {
        const json = JSON.stringify({ ...samples.fullPayment, [name]: value })
        return isAnswered(decode(samples.rawRecord(Buffer.from(json), { headers })))
      }),
      { numRuns: 500 },
    )
  })

  it('is answered: JSON as deep as a record is long', () => {
    const headers = { 'content-type': 'application/json' }
    const deep = `{"paymentId":"pay-1","x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`
    const wide = createPaymentDecoder({ ...deps, maxBytes: 65_536 })
    expect(wide(samples.rawRecord(Buffer.from(deep), { headers }))).toMatchObject({ paymentId: 'pay-1' })
  })

  it('is answered: an id that cannot become a text', () => {
    const headers = { 'content-type': 'application/json' }
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const wide = createPaymentDecoder({ ...deps, maxBytes: 65_536 })
    for (const id of ['{"toString":1,"valueOf":2}', deep, '{"__proto__":null}', '4111111111111111']) {
      const value = Buffer.from(`{"paymentId":${id}}`)
      expect(wide(samples.rawRecord(value, { headers })), id).toMatchObject({ paymentId: null })
    }
  })

  it('gives the paymentId as long as its bytes are whole', () => {
    fc.assert(
      fc.property(payments, fc.nat(), (payment, cut) => {
        const value = codec.encode(payment)
        const idEnds = 10 + (payment.paymentId.length < 64 ? 1 : 2) + payment.paymentId.length
        const length = idEnds + (cut % (value.length - idEnds))
        const result = decode(samples.rawRecord(value.subarray(0, length)))
        expect(result).toMatchObject({ reason: 'MALFORMED', paymentId: payment.paymentId })
      }),
    )
  })

  it('on side topics is a record or a refusal without ids', () => {
    const sides = [
      [decodeReport, createDeviceHealthCodec(schemas).encode(samples.deviceHealth)],
      [decodeEvent, createAccountEventCodec(schemas).encode(samples.accountEvent)],
    ] as const
    fc.assert(
      fc.property(
        fc.constantFrom(...sides),
        fc.array(mutations, { maxLength: 3 }),
        ([side, bytes], changes) => {
          const value = changes.reduce((all, change) => (all.length === 0 ? all : change(all)), bytes)
          const result = side(samples.rawRecord(value))
          return !('reason' in result) || (reasons.has(result.reason) && result.paymentId === null)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('as bytes of our own is a value or an error with a code', () => {
    const own = [
      {
        decode: createDecisionCodec(schemas).decode,
        bytes: createDecisionCodec(schemas).encode(samples.decision),
      },
      { decode: createAuditCodec(schemas).decode, bytes: createAuditCodec(schemas).encode(samples.audit) },
    ]
    fc.assert(
      fc.property(fc.constantFrom(...own), mutations, ({ decode: decodeOwn, bytes }, change) => {
        try {
          decodeOwn(change(bytes))
        } catch (error) {
          expect(error).toMatchObject({ code: 'SCHEMA_INVALID' })
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('side topics', () => {
  const feedback = createRiskFeedbackCodec(schemas)
  const report = createDeviceHealthCodec(schemas)
  const event = createAccountEventCodec(schemas)

  it('give their records', () => {
    const timestamp = samples.riskFeedback.knownAt
    const now = () => timestamp
    const late = createRiskFeedbackDecoder({ ...deps, now })
    expect(late(samples.rawRecord(feedback.encode(samples.riskFeedback), { timestamp }))).toEqual(
      samples.riskFeedback,
    )
    expect(decodeReport(samples.rawRecord(report.encode(samples.deviceHealth)))).toEqual(samples.deviceHealth)
    expect(decodeEvent(samples.rawRecord(event.encode(samples.accountEvent)))).toEqual(samples.accountEvent)
  })

  it('refuse what is ahead of its record', () => {
    const [reading] = samples.deviceHealth.readings
    if (reading === undefined) throw new Error('the sample has a reading')
    const ahead = samples.occurredAt + 3_600_000
    const readings = [{ ...reading, observedAt: ahead, expiresAt: ahead }]
    expect(
      decodeReport(samples.rawRecord(report.encode({ ...samples.deviceHealth, readings }))),
    ).toMatchObject({
      reason: 'TIME_IN_FUTURE',
      field: 'readings',
    })
    expect(decodeFeedback(samples.rawRecord(feedback.encode(samples.riskFeedback)))).toMatchObject({
      reason: 'TIME_IN_FUTURE',
      field: 'knownAt',
    })
  })

  it('refuse a reading that expires before it was made, and say which', () => {
    const readings = samples.deviceHealth.readings.map((each) => ({
      ...each,
      expiresAt: each.observedAt - 1,
    }))
    expect(
      decodeReport(samples.rawRecord(report.encode({ ...samples.deviceHealth, readings }))),
    ).toMatchObject({
      reason: 'INVALID_TIME',
      field: 'readings[0].expiresAt',
    })
  })

  it('refuse a card number and keep nothing of it', () => {
    const value = event.encode({ ...samples.accountEvent, payeeId: samples.pan })
    expect(decodeEvent(samples.rawRecord(value))).toMatchObject({
      reason: 'PAN_DETECTED',
      field: 'payeeId',
      bytes: null,
      paymentId: null,
    })
  })

  it('read a signal that is newer than we as UNKNOWN', () => {
    const headers = { 'content-type': 'application/json' }
    const readings = samples.deviceHealth.readings.map((each) => ({ ...each, signal: 'CALL_FORWARDING' }))
    const value = Buffer.from(JSON.stringify({ ...samples.deviceHealth, readings }))
    expect(decodeReport(samples.rawRecord(value, { headers }))).toMatchObject({
      readings: [{ signal: 'UNKNOWN' }],
    })
  })
})
