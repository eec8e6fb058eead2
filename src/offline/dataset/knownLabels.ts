import type { RiskFeedback } from '../../domain/feedback.ts'
import { feedbackMeaning } from '../../features/feedbackMeaning.ts'

/** What a payment was, by what was known at some time. */
export type KnownLabel = { readonly fraud: boolean; readonly knownAt: number }

/** By paymentId; who is not in it was never spoken of by then. */
export type KnownLabels = ReadonlyMap<string, KnownLabel>

/** Takes feedback in any order. */
export type LabelsAsOf = {
  readonly add: (feedback: RiskFeedback) => void
  readonly known: KnownLabels
}

/** Of several labels of a payment the one that became known last counts, as in the histories; of equals, the last one added. */
export const createLabelsAsOf = (asOf: number): LabelsAsOf => {
  const known = new Map<string, KnownLabel>()
  return {
    known,
    add: ({ paymentId, kind, knownAt }) => {
      const meaning = feedbackMeaning[kind]
      if (meaning === null || !('label' in meaning) || knownAt > asOf) return
      if (meaning.label !== 'FRAUD' && meaning.label !== 'GENUINE') return
      if (knownAt < (known.get(paymentId)?.knownAt ?? -Infinity)) return
      known.set(paymentId, { fraud: meaning.label === 'FRAUD', knownAt })
    },
  }
}

/** What silence means: a payment that nobody has spoken of for that long is genuine. */
export type Maturity = { readonly asOf: number; readonly labelDelayMs: number }

/**
 * @returns null where nothing can be said yet: no label has come, and one may still come
 */
export const labelAt = (
  known: KnownLabels,
  { asOf, labelDelayMs }: Maturity,
  payment: { readonly paymentId: string; readonly occurredAt: number },
): KnownLabel | null => {
  const said = known.get(payment.paymentId)
  if (said !== undefined) return said
  const silentSince = payment.occurredAt + labelDelayMs
  return silentSince <= asOf ? { fraud: false, knownAt: silentSince } : null
}
