import type { Payment } from '../domain/payment.ts'
import { SluiceError } from '../errors.ts'
import { checkPayment } from '../stream/codec/payment.ts'

export type SendPaymentDeps = {
  readonly encode: (payment: Payment) => Buffer
  /** Resolves when Kafka has the record. */
  readonly send: (key: string, value: Buffer, headers: Readonly<Record<string, string>>) => Promise<void>
}

/**
 * Sends what fits the contract, and nothing else: a card number in the place of a token never gets as far as Kafka.
 * @throws SluiceError SCHEMA_INVALID at once, naming the field and never its value
 */
export const createSendPayment =
  ({ encode, send }: SendPaymentDeps) =>
  (payment: Payment, headers: Readonly<Record<string, string>>): Promise<void> => {
    const fault = checkPayment(payment)
    if (fault !== null)
      throw new SluiceError('SCHEMA_INVALID', `Payment.${fault.field ?? 'value'}: ${fault.detail}`)
    return send(payment.accountId, encode(payment), headers)
  }
