import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAccountEventCodec } from '../../../../src/stream/codec/accountEvent.ts'
import { createAuditCodec } from '../../../../src/stream/codec/audit.ts'
import type { Codec } from '../../../../src/stream/codec/codec.ts'
import { createDecisionCodec } from '../../../../src/stream/codec/decision.ts'
import { createDeviceHealthCodec } from '../../../../src/stream/codec/deviceHealth.ts'
import { createNoticeCodec } from '../../../../src/stream/codec/notice.ts'
import { createPaymentCodec } from '../../../../src/stream/codec/payment.ts'
import { createRiskFeedbackCodec } from '../../../../src/stream/codec/riskFeedback.ts'
import { createVulnerabilityCodec } from '../../../../src/stream/codec/vulnerability.ts'
import { loadSchemas, ownSchemasFolder } from '../../../../src/stream/codec/schemas.file.ts'
import { payments } from './arbitraries.ts'
import { firstGoldens, goldens, secondGoldens, thirdGoldens } from './goldens.ts'
import * as samples from './samples.ts'

const schemas = await loadSchemas(ownSchemasFolder)
const payment = createPaymentCodec(schemas)
const decision = createDecisionCodec(schemas)

/** One case a record, its type closed over so that the cases can be in one list. */
const roundTrip = <T>(name: keyof typeof goldens, codec: Codec<T>, value: T) => ({
  name,
  encode: () => codec.encode(value),
  again: () => codec.decode(codec.encode(value)),
  fromGolden: () => codec.decode(Buffer.from(goldens[name], 'hex')),
  value,
})

const cases = [
  roundTrip('barePayment', payment, samples.barePayment),
  roundTrip('fullPayment', payment, samples.fullPayment),
  roundTrip('accountEvent', createAccountEventCodec(schemas), samples.accountEvent),
  roundTrip('deviceHealth', createDeviceHealthCodec(schemas), samples.deviceHealth),
  roundTrip('riskFeedback', createRiskFeedbackCodec(schemas), samples.riskFeedback),
  roundTrip('decision', decision, samples.decision),
  roundTrip('audit', createAuditCodec(schemas), samples.audit),
  roundTrip('notice', createNoticeCodec(schemas), samples.notice),
  roundTrip('vulnerability', createVulnerabilityCodec(schemas), samples.vulnerability),
]

describe.each(cases)('$name', ({ name, encode, again, fromGolden, value }) => {
  it('comes back as it went', () => {
    expect(again()).toEqual(value)
  })

  it('is these bytes, in every version of Sluice that writes this schema', () => {
    expect(encode().toString('hex')).toBe(goldens[name])
  })

  it('is read from these bytes for ever', () => {
    expect(fromGolden()).toEqual(value)
  })
})

describe('bytes of an older schema', () => {
  const { model: _, logOdds: __, explainedLogOdds: ___, ...known } = samples.decision
  const unguarded = { exceptions: [], shed: [] } as const
  const unprotected = { protectionLevel: 'UNKNOWN', protectionReasons: [], ...unguarded } as const
  const unseen = { ...samples.audit, device: null, intelHits: [], listed: [], redelivered: false }
  const older = { ...known, model: null, logOdds: null, explainedLogOdds: null, ...unprotected }
  const first = (name: keyof typeof firstGoldens): Buffer => Buffer.from(firstGoldens[name], 'hex')

  it('are read, and what they do not hold is not known', () => {
    expect(decision.decode(first('decision'))).toEqual(older)
    expect(createAuditCodec(schemas).decode(first('audit'))).toEqual({
      ...unseen,
      decision: older,
      otherModels: [],
    })
    expect(createNoticeCodec(schemas).decode(first('notice'))).toEqual({
      ...samples.notice,
      audience: 'UNKNOWN',
      dueAt: null,
    })
  })

  it('of the second versions are read too', () => {
    const second = (name: keyof typeof secondGoldens): Buffer => Buffer.from(secondGoldens[name], 'hex')
    const before = { ...samples.decision, ...unprotected }
    expect(decision.decode(second('decision'))).toEqual(before)
    expect(createAuditCodec(schemas).decode(second('audit'))).toEqual({ ...unseen, decision: before })
    expect(createDeviceHealthCodec(schemas).decode(second('deviceHealth'))).toEqual({
      ...samples.deviceHealth,
      document: null,
    })
  })

  it('of the third versions are read too', () => {
    const third = (name: keyof typeof thirdGoldens): Buffer => Buffer.from(thirdGoldens[name], 'hex')
    const before = { ...samples.decision, ...unguarded }
    expect(decision.decode(third('decision'))).toEqual(before)
    expect(createAuditCodec(schemas).decode(third('audit'))).toEqual({ ...unseen, decision: before })
  })
})

describe('encode', () => {
  it('says which field has the wrong type, not its value', () => {
    const broken = { ...samples.decision, late: '4111111111111111' }
    // @ts-expect-error the compiler knows better
    expect(() => decision.encode(broken)).toThrow('Decision cannot be written: wrong type in late')
  })

  it('gives a buffer of its own', () => {
    const first = payment.encode(samples.barePayment)
    const before = first.toString('hex')
    payment.encode(samples.fullPayment)
    expect(first.toString('hex')).toBe(before)
  })

  it('grows with what it is given', () => {
    const reasons = Array.from({ length: 900 }, (_, n) => ({ code: `REASON_${n}`, contribution: n }))
    expect(decision.decode(decision.encode({ ...samples.decision, reasons })).reasons).toEqual(reasons)
  })
})

describe('decode', () => {
  it('says what is wrong with the field, not its value', () => {
    const broken = decision.encode({ ...samples.decision, probability: 7 })
    expect(() => decision.decode(broken)).toThrow(
      'Decision.probability: expected a number from 0 to 1, found another whole number',
    )
  })

  it('does not take the outcome of a newer writer for one that it knows', () => {
    const golden = Buffer.from(goldens.decision, 'hex')
    const atOutcome = golden.indexOf('acc-1') + 'acc-1'.length
    expect(golden[atOutcome]).toBe(4) // STEP_UP, the third symbol
    golden[atOutcome] = 0
    expect(() => decision.decode(golden)).toThrow('Decision.outcome: expected one of ALLOW STEP_UP BLOCK')
  })

  it('takes an answer to what was no payment', () => {
    const answer = { ...samples.decision, contentHash: '', bundleHash: '', accountId: null }
    expect(decision.decode(decision.encode(answer))).toEqual(answer)
  })

  it('takes a content hash that happens to be all digits', () => {
    const answer = { ...samples.decision, contentHash: samples.pan }
    expect(decision.decode(decision.encode(answer))).toEqual(answer)
  })
})

describe('every payment', () => {
  it('comes back as it went, as Avro and as JSON', () => {
    fc.assert(
      fc.property(payments, (given) => {
        expect(payment.decode(payment.encode(given))).toEqual(given)
        expect(payment.readJson(Buffer.from(JSON.stringify(given)))).toEqual({ ok: true, value: given })
      }),
    )
  })
})
