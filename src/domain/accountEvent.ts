export const accountEventKinds = [
  'UNKNOWN',
  'LOGIN_SUCCEEDED',
  'LOGIN_FAILED',
  'PASSWORD_CHANGED',
  'CONTACT_CHANGED',
  'PAYEE_ADDED',
  'DEVICE_ENROLLED',
  'SIM_CHANGED',
  'CARD_ADDED',
] as const
export type AccountEventKind = (typeof accountEventKinds)[number]

export type AccountEvent = {
  readonly eventId: string
  readonly occurredAt: number
  readonly kind: AccountEventKind
  readonly accountId: string
  readonly deviceId: string | null
  readonly ipAddress: string | null
  readonly payeeId: string | null
}
