import type { Payment } from './payment.ts'

/** The things whose histories are kept, in the order of their slots in a history record. Append only. */
export const entityTypes = ['account', 'card', 'device', 'ip', 'payee', 'merchant'] as const
export type EntityType = (typeof entityTypes)[number]

/** Which payment field names the entity; null where the payment has none. */
export const entityToken: Readonly<Record<EntityType, (payment: Payment) => string | null>> = {
  account: (payment) => payment.accountId,
  card: (payment) => payment.cardToken,
  device: (payment) => payment.deviceId,
  ip: (payment) => payment.ipAddress,
  payee: (payment) => payment.payeeId,
  merchant: (payment) => payment.merchantId,
}
