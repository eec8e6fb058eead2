/** Where and how a payment was made. `UNKNOWN` is what a reader sees for a symbol that is newer than itself. */
export const channels = ['UNKNOWN', 'APP', 'WEB', 'POS', 'QR', 'ATM', 'API'] as const
export type Channel = (typeof channels)[number]

export const methods = ['UNKNOWN', 'CARD', 'TRANSFER', 'WALLET'] as const
export type Method = (typeof methods)[number]

/** A request to pay, as the payment switch sends it. Identifiers are tokens, never a PAN. */
export type Payment = {
  readonly paymentId: string
  /** 1 for the first try; the switch raises it when it asks again after a step-up. */
  readonly attempt: number
  /** Event time, epoch milliseconds, by the sender's clock. */
  readonly occurredAt: number
  /** ISO 4217 minor units of `currency`, a safe integer; 0 where a card is only verified. */
  readonly amountMinor: number
  /** ISO 4217 alphabetic code. */
  readonly currency: string
  readonly channel: Channel
  readonly method: Method
  readonly accountId: string
  readonly cardToken: string | null
  readonly payeeId: string | null
  readonly merchantId: string | null
  /** ISO 18245 merchant category code, four digits. */
  readonly mcc: string | null
  readonly deviceId: string | null
  readonly sessionId: string | null
  readonly ipAddress: string | null
  readonly emailHash: string | null
  readonly phoneHash: string | null
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null
  /** Degrees, WGS 84. */
  readonly latitude: number | null
  readonly longitude: number | null
  readonly authMethods: readonly string[] | null
  /** Epoch milliseconds until which the switch waits for the answer; null: the configured deadline. */
  readonly respondBy: number | null
}
