import fc from 'fast-check'
import { createPaymentCodec } from '../../../src/stream/codec/payment.ts'
import type { Schemas } from '../../../src/stream/codec/schemas.ts'
import type { RawRecord } from '../../../src/stream/record.ts'
import type { SentRecord } from '../../checker/verdict.ts'
import { aPayment } from '../payments.ts'

/** One record of `payments`: a payment, or what is none and has an id beside it. */
export type Made =
  | { readonly id: number; readonly attempt: number; readonly amountMinor: number }
  | { readonly garbage: number }

/** Ids come again: the same payment resent, as another attempt, or with another content. */
export const anyRecords = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        id: fc.nat(3),
        attempt: fc.integer({ min: 1, max: 2 }),
        amountMinor: fc.constantFrom(1_250, 1_250, 990_000),
      }),
    },
    { weight: 1, arbitrary: fc.record({ garbage: fc.nat(2) }) },
  ),
  { minLength: 1, maxLength: 7 },
)

/** Each payment once. */
export const distinctRecords = fc
  .integer({ min: 1, max: 7 })
  .map((count) => Array.from({ length: count }, (_, id): Made => ({ id, attempt: 1, amountMinor: 1_250 })))

export const rawRecords = (
  made: readonly Made[],
  schemas: Schemas,
  timestamp: number,
): readonly RawRecord[] => {
  const codec = createPaymentCodec(schemas)
  return made.map((each, offset) => ({
    topic: 'payments',
    partition: 0,
    offset,
    timestamp,
    key: null,
    value:
      'garbage' in each
        ? Buffer.from(`no payment ${each.garbage}`)
        : codec.encode(
            aPayment({
              paymentId: `pay-${each.id}`,
              attempt: each.attempt,
              amountMinor: each.amountMinor,
              accountId: `acc-${each.id % 2}`,
              occurredAt: timestamp,
            }),
          ),
    headers: 'garbage' in each ? { 'payment-id': `garbage-${each.garbage}` } : {},
    enteredAt: 0,
  }))
}

/** As the checker reads them. */
export const sentRecords = (made: readonly Made[], raw: readonly RawRecord[]): readonly SentRecord[] =>
  raw.map(({ partition, offset, timestamp, value }, i) => {
    const each = made[i]!
    return {
      partition,
      offset,
      at: timestamp,
      paymentId: 'garbage' in each ? `garbage-${each.garbage}` : `pay-${each.id}`,
      attempt: 'garbage' in each ? 1 : each.attempt,
      accountId: 'garbage' in each ? null : `acc-${each.id % 2}`,
      respondBy: null,
      content: value?.toString('hex') ?? '',
    }
  })
