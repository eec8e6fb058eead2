import { channels, methods, type Payment } from '../../domain/payment.ts'
import { fault, list, nullable, record, type Check } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import type { Schemas } from './schemas.ts'
import * as value from './values.ts'

const longestAuthMethods = 16

export const checkPayment: Check<Payment> = record<Payment>(
  {
    paymentId: value.id,
    attempt: value.attempt,
    occurredAt: value.moment,
    amountMinor: value.amountMinor,
    currency: value.currency,
    channel: value.symbol(channels),
    method: value.symbol(methods),
    accountId: value.id,
    cardToken: nullable(value.id),
    payeeId: nullable(value.id),
    merchantId: nullable(value.id),
    mcc: nullable(value.mcc),
    deviceId: nullable(value.id),
    sessionId: nullable(value.id),
    ipAddress: nullable(value.ipAddress),
    emailHash: nullable(value.contactHash),
    phoneHash: nullable(value.contactHash),
    country: nullable(value.country),
    latitude: nullable(value.between(-90, 90, 'INVALID_PLACE')),
    longitude: nullable(value.between(-180, 180, 'INVALID_PLACE')),
    authMethods: nullable(list(value.id, longestAuthMethods)),
    respondBy: nullable(value.moment),
  },
  ({ latitude, longitude }) =>
    (latitude === null) === (longitude === null)
      ? null
      : {
          ...fault('INVALID_PLACE', 'latitude and longitude both or neither', null),
          field: latitude === null ? 'latitude' : 'longitude',
        },
)

export const createPaymentCodec = (schemas: Schemas): Codec<Payment> =>
  createCodec(schemas, { record: 'Payment', version: 1 }, checkPayment)
