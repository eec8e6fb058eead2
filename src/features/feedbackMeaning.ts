import type { FeedbackKind } from '../domain/feedback.ts'
import type { LabelCode, OutcomeCode } from './record.ts'

/** What feedback tells the histories: what the payment was, or what became of it. */
export type FeedbackMeaning = { readonly label: LabelCode } | { readonly outcome: OutcomeCode }

/**
 * STAND_IN: the switch let the payment through without waiting for us.
 * REVERSED is not noted: money that was given back says neither that the payment was fraud nor that it was declined,
 * and whoever reverses one because of fraud says that as well.
 */
export const feedbackMeaning: Readonly<Record<FeedbackKind, FeedbackMeaning | null>> = {
  UNKNOWN: null,
  FRAUD_CONFIRMED: { label: 'FRAUD' },
  CHARGEBACK: { label: 'FRAUD' },
  FALSE_POSITIVE: { label: 'GENUINE' },
  DECLINED: { outcome: 'DECLINED' },
  REVERSED: null,
  STAND_IN: { outcome: 'ALLOW' },
  STEP_UP_PASSED: { outcome: 'STEP_UP_PASSED' },
  STEP_UP_FAILED: { outcome: 'STEP_UP_FAILED' },
  STEP_UP_ABANDONED: { outcome: 'STEP_UP_ABANDONED' },
}
