import type { Payment } from './payment.ts'

/** The things whose histories are kept, in the order of their slots in a history record. Append only. */
export const entityTypes = ['account', 'card', 'device', 'ip', 'payee', 'merchant'] as const
export type EntityType = (typeof entityTypes)[number]

/** What names entities: a payment does, and whatever is told about one. */
export type EntityTokens = Pick<
  Payment,
  'accountId' | 'cardToken' | 'deviceId' | 'ipAddress' | 'payeeId' | 'merchantId'
>

/** Which field names the entity; null where there is none. */
export const entityToken: Readonly<Record<EntityType, (tokens: EntityTokens) => string | null>> = {
  account: (tokens) => tokens.accountId,
  card: (tokens) => tokens.cardToken,
  device: (tokens) => tokens.deviceId,
  ip: (tokens) => tokens.ipAddress,
  payee: (tokens) => tokens.payeeId,
  merchant: (tokens) => tokens.merchantId,
}
