import type { FeedbackKind, RiskFeedback } from '../../domain/feedback.ts'
import type { IdentifierKind, KeyedHash } from './keyedHash.ts'

export type Identifier = { readonly kind: IdentifierKind; readonly hash: string }

/** What is known of a payment, without a token in clear: all that sharing ever sees. */
export type Label = {
  /** Keyed hash of the paymentId. */
  readonly paymentRef: string
  readonly verdict: 'fraud' | 'genuine'
  /** How sure its source is, 0 to 100 as in STIX. */
  readonly confidence: number
  /** Of the payment, epoch ms. */
  readonly occurredAt: number
  readonly knownAt: number
  readonly identifiers: readonly Identifier[]
}

/** An investigation has found fraud; a card holder disputes a payment, which now and then is something else. */
const verdicts: Readonly<
  Partial<Record<FeedbackKind, { readonly verdict: Label['verdict']; readonly confidence: number }>>
> = {
  FRAUD_CONFIRMED: { verdict: 'fraud', confidence: 85 },
  CHARGEBACK: { verdict: 'fraud', confidence: 60 },
  FALSE_POSITIVE: { verdict: 'genuine', confidence: 85 },
}

/** Null for feedback that labels nothing. The payer's own account and card are never shared. */
export const labelOf = (feedback: RiskFeedback, { hash }: KeyedHash): Label | null => {
  const found = verdicts[feedback.kind]
  if (found === undefined) return null
  const tokens: readonly (readonly [IdentifierKind, string | null])[] = [
    ['payee', feedback.payeeId],
    ['device', feedback.deviceId],
    ['ip', feedback.ipAddress],
  ]
  return {
    paymentRef: hash('payment', feedback.paymentId),
    ...found,
    occurredAt: feedback.occurredAt,
    knownAt: feedback.knownAt,
    identifiers: tokens.flatMap(([kind, value]) =>
      value === null ? [] : [{ kind, hash: hash(kind, value) }],
    ),
  }
}
