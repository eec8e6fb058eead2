export const feedbackKinds = [
  'UNKNOWN',
  'FRAUD_CONFIRMED',
  'FALSE_POSITIVE',
  'CHARGEBACK',
  'DECLINED',
  'REVERSED',
  'STAND_IN',
  'STEP_UP_PASSED',
  'STEP_UP_FAILED',
  'STEP_UP_ABANDONED',
] as const
export type FeedbackKind = (typeof feedbackKinds)[number]

/** What feedback is about: a payment and the entities that it names. */
export type FeedbackSubject = Pick<
  RiskFeedback,
  'paymentId' | 'attempt' | 'cardToken' | 'payeeId' | 'merchantId' | 'deviceId' | 'ipAddress'
> & {
  /** null: of a record that is no payment, where none could be read. */
  readonly accountId: string | null
}

/** What became of a payment. Labels count only from `knownAt` on. */
export type RiskFeedback = {
  readonly feedbackId: string
  readonly paymentId: string
  readonly attempt: number
  /** Event time of the payment itself. */
  readonly occurredAt: number
  readonly knownAt: number
  readonly kind: FeedbackKind
  readonly source: string
  readonly feedbackMac: string | null
  readonly accountId: string
  readonly cardToken: string | null
  readonly payeeId: string | null
  readonly merchantId: string | null
  readonly deviceId: string | null
  readonly ipAddress: string | null
}
