import type { Payment } from '../../src/domain/payment.ts'

const accounts = 2_000
const payees = 500

/** The n-th payment of a run: many accounts with a card-less device each, everyday amounts, unique ids. */
export const paymentOf = (run: string, index: number, occurredAt: number): Payment => {
  const accountId = `${run}-account-${index % accounts}`
  return {
    paymentId: `${run}-${index}`,
    attempt: 1,
    occurredAt,
    amountMinor: 500 + ((index * 37) % 4_000),
    currency: 'EUR',
    channel: 'APP',
    method: 'TRANSFER',
    accountId,
    cardToken: null,
    payeeId: `${run}-payee-${(index * 7) % payees}`,
    merchantId: null,
    mcc: null,
    deviceId: `${accountId}-device`,
    sessionId: null,
    ipAddress: `198.51.${100 + ((index >> 8) & 3)}.${index & 255}`,
    emailHash: null,
    phoneHash: null,
    country: 'DE',
    latitude: null,
    longitude: null,
    authMethods: null,
    respondBy: null,
  }
}

/** Which payment of the run an id names; null: none of it. */
export const indexOf = (run: string, paymentId: string): number | null =>
  paymentId.startsWith(`${run}-`) ? Number(paymentId.slice(run.length + 1)) : null
