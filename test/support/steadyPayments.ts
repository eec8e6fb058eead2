import type { Payment } from '../../src/domain/payment.ts'
import { aPayment } from './payments.ts'

const accounts = 200

/** The n-th payment of a run: many accounts with a device and a few payees each, everyday amounts, unique ids. */
export const steadyPayments =
  (run: string) =>
  (index: number): Payment => {
    const account = `${run}-account-${index % accounts}`
    return aPayment({
      paymentId: `${run}-${index}`,
      occurredAt: Date.now(),
      amountMinor: 500 + ((index * 37) % 4_000),
      accountId: account,
      deviceId: `${account}-device`,
      payeeId: `${run}-payee-${index % 50}`,
      ipAddress: `192.0.2.${index % accounts}`,
    })
  }
