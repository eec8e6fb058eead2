import type { Payment } from '../domain/payment.ts'
import { SluiceError } from '../errors.ts'
import type { Codec } from '../stream/codec/codec.ts'

export type SendPaymentDeps = {
  readonly codec: Pick<Codec<Payment>, 'encode' | 'read'>
  /** Resolves when Kafka has the record. */
  readonly send: (key: string, value: Buffer, headers: Readonly<Record<string, string>>) => Promise<void>
}

/**
 * Sends what its reader will take, and nothing else: a card number in the place of a token never gets as far as Kafka.
 * @throws SluiceError SCHEMA_INVALID at once, naming the field and never its value
 */
export const createSendPayment =
  ({ codec, send }: SendPaymentDeps) =>
  (payment: Payment, headers: Readonly<Record<string, string>>): Promise<void> => {
    const bytes = codec.encode(payment)
    const read = codec.read(bytes)
    if (read.ok) return send(payment.accountId, bytes, headers)
    const { field, detail } = read.fault
    throw new SluiceError('SCHEMA_INVALID', `Payment.${field ?? 'value'}: ${detail}`)
  }
