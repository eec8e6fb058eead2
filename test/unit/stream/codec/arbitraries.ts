import fc from 'fast-check'
import { currencies } from '../../../../src/domain/currency.ts'
import { looksLikePan } from '../../../../src/domain/pan.ts'
import { channels, methods, type Payment } from '../../../../src/domain/payment.ts'
import { countries } from '../../../../src/stream/codec/countries.ts'
import { occurredAt } from './samples.ts'

export const ids: fc.Arbitrary<string> = fc
  .string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength: 128,
  })
  .filter((text) => !looksLikePan(text))

const contactHashes = fc.stringMatching(/^[0-9a-fA-F]{32,128}$/)

const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary)

const places = orNull(
  fc.record({
    latitude: fc.double({ min: -90, max: 90, noNaN: true }).map((degrees) => degrees + 0),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }).map((degrees) => degrees + 0),
  }),
).map((place) => place ?? { latitude: null, longitude: null })

/** Payments that are valid in a record of `occurredAt` plus a minute. JSON has no -0, so neither have places. */
export const payments: fc.Arbitrary<Payment> = fc
  .tuple(
    fc.record({
      paymentId: ids,
      attempt: fc.integer({ min: 1, max: 255 }),
      occurredAt: fc.integer({ min: Date.UTC(2000, 0, 1), max: occurredAt }),
      amountMinor: fc.integer({ min: 0, max: 1e13 }),
      currency: fc.constantFrom(...currencies.keys()),
      channel: fc.constantFrom(...channels),
      method: fc.constantFrom(...methods),
      accountId: ids,
      cardToken: orNull(ids),
      payeeId: orNull(ids),
      merchantId: orNull(ids),
      mcc: orNull(fc.stringMatching(/^[0-9]{4}$/)),
      deviceId: orNull(ids),
      sessionId: orNull(ids),
      ipAddress: orNull(fc.oneof(fc.ipV4(), fc.ipV6())),
      emailHash: orNull(contactHashes),
      phoneHash: orNull(contactHashes),
      country: orNull(fc.constantFrom(...countries)),
      authMethods: orNull(fc.array(ids, { maxLength: 16 })),
      respondBy: orNull(fc.integer({ min: Date.UTC(2000, 0, 1), max: occurredAt })),
    }),
    places,
  )
  .map(([payment, place]) => ({ ...payment, ...place }))
