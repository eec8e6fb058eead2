import type { Payment } from '../../../src/domain/payment.ts'
import { createPaymentCodec } from '../../../src/stream/codec/payment.ts'
import type { Schemas } from '../../../src/stream/codec/schemas.ts'
import { hashContact } from '../intel/indicators.ts'
import { aPayment } from '../payments.ts'
import { ownName } from '../shared.ts'
import type { Planted } from './plants.ts'

/** A record as a sender gives it to Kafka. */
export type Fed = {
  readonly key: string | null
  readonly value: Buffer | null
  readonly headers?: Readonly<Record<string, string>>
}

/** A payment, and whether an answer to its id is expected. */
export type FedPayment = Fed & { readonly answeredAs: string | null }

const textFields =
  'cardToken payeeId merchantId mcc deviceId sessionId ipAddress emailHash phoneHash country currency accountId'.split(
    ' ',
  )

const json = (fields: object): Buffer => Buffer.from(JSON.stringify(fields))
const jsonHeaders = { 'content-type': 'application/json' }
const fields = (over: Readonly<Record<string, unknown>> = {}) => ({
  ...aPayment({ paymentId: ownName('pay'), occurredAt: Date.now() - 1_000 }),
  emailHash: hashContact('jane'),
  ...over,
})

/** Payments that must be refused, each with one thing in it that must not be found again. */
export const leakingPayments = (
  schemas: Schemas,
  { card, bareCard, email, phone }: Planted,
): readonly FedPayment[] => {
  const codec = createPaymentCodec(schemas)
  const avro = (over: object, beside: Partial<Fed> = {}): FedPayment => {
    const payment = { ...fields(), ...over } as Payment
    return { key: 'acc-1', value: codec.encode(payment), answeredAs: payment.paymentId, ...beside }
  }
  const asJson = (over: object, beside: Partial<Fed> = {}): FedPayment => {
    const payment = { ...fields(), ...over }
    const headers = { ...jsonHeaders, ...beside.headers }
    return { key: 'acc-1', value: json(payment), answeredAs: payment.paymentId, ...beside, headers }
  }
  const raw = (value: Buffer, headers: Fed['headers'] = jsonHeaders): FedPayment => ({
    key: 'acc-1',
    value,
    headers: { ...headers, 'payment-id': ownName('pay') },
    answeredAs: null,
  })
  const withId = (fed: FedPayment): FedPayment => ({
    ...fed,
    answeredAs: fed.headers?.['payment-id'] ?? null,
  })
  const silent = (fed: FedPayment): FedPayment => ({ ...fed, answeredAs: null })

  const asField = textFields.flatMap((field) => [
    ...[0, 1, 2].map((i) => avro({ [field]: card(`${field}, Avro ${i}`) })),
    ...[0, 1, 2].map((i) => asJson({ [field]: card(`${field}, JSON ${i}`) })),
    asJson({ [field]: `tok_${bareCard(`${field}, inside a token`)}` }),
  ])
  const asId = [
    ...[0, 1, 2].map((i) => silent(avro({ paymentId: card(`paymentId ${i}`) }))),
    silent(asJson({ paymentId: Number(bareCard('paymentId as a number')) })),
    silent(avro({ paymentId: `of:${bareCard('paymentId, inside')}` })),
  ]
  const beside = [
    avro({}, { key: card('key') }),
    avro({}, { headers: { note: card('header') } }),
    avro({}, { headers: { baggage: `paid with ${card('text of a header')}, urgent` } }),
    avro({}, { headers: { 'payment-id': card('header payment-id') } }),
    avro({}, { headers: { 'sluice-note': bareCard('header of our own kind') } }),
    avro({}, { headers: { [`x ${card('name of a header')}`]: '1' } }),
    avro({ authMethods: ['PIN', bareCard('authMethods')] }),
    asJson({ extra: { deep: [{ note: `for ${card('unknown field')}` }] } }),
    asJson({ [`of ${card('name of an unknown field')}`]: `of ${card('field of such a name')}` }),
    asJson({ amountMinor: Number(bareCard('amountMinor')) }),
  ]
  const broken = [
    withId(raw(Buffer.from(`{"note":"${card('broken JSON')}"`))),
    withId(raw(Buffer.from(`{"note":"${bareCard('UTF-16')}"`, 'utf16le'))),
    withId(raw(Buffer.from(`${card('neither Avro nor JSON')}`), {})),
    withId(raw(Buffer.concat([Buffer.alloc(80_000, ' '), Buffer.from(card('oversized'))]))),
    withId(raw(Buffer.from(`{"email":"${email('broken JSON')}"`))),
    withId(raw(Buffer.from(`{"phone":"${phone('broken JSON')}"`))),
  ]
  const inClear = [
    avro({ emailHash: email('emailHash, Avro') }),
    asJson({ emailHash: email('emailHash, JSON') }),
    avro({ phoneHash: phone('phoneHash, Avro') }),
    asJson({ phoneHash: phone('phoneHash, JSON') }),
    asJson({ phoneHash: Number(phone('phoneHash as a number').slice(1)) }),
    avro({ amountMinor: -1, emailHash: email('emailHash of a payment with another fault') }),
    asJson({ amountMinor: -1, note: `write to ${email('unknown field of a payment with another fault')}` }),
    asJson({ emailHash: email('emailHash, with headers') }, { headers: { note: 'kept of no such record' } }),
  ]
  return [...asField, ...asId, ...beside, ...broken, ...inClear]
}
