import type { Assessed, Decided, Decision, Reason } from '../domain/decision.ts'
import type { FeedbackSubject } from '../domain/feedback.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Received, Refused, Source } from '../domain/received.ts'
import { recordTime } from './codec/clock.ts'
import type { Laps } from './laps.ts'

/** What goes to `decisions` for one input record. */
export type Answer = {
  readonly source: Source
  /** The record's key, the account; null where none could be read. */
  readonly key: string | null
  readonly bytes: Buffer
}

/** A decision that nobody has seen yet. */
export type Proposed = { readonly assessed: Assessed; readonly decision: Decision; readonly bytes: Buffer }

export type AnswerDeps = {
  readonly encode: (decision: Decision) => Buffer
  readonly bundleHash: () => string
  /** Proof that its holder has seen this decision; hexadecimal. */
  readonly mac: (subject: FeedbackSubject, outcome: Outcome) => string
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Whether the deadline of a payment has passed by now: it may have, since its features were computed. */
  readonly isLate: (received: Received) => boolean
  /** How long a switch may act on a decision. */
  readonly validityMs: number
}

export type InvalidAnswer = { readonly outcome: Outcome; readonly reasons: readonly Reason[] }

/** Makes the published answer of an assessed payment. */
export const createAnswer =
  (deps: AnswerDeps) =>
  (assessed: Assessed, laps: Laps): Proposed => {
    const { payment, contentHash } = assessed
    const decidedAt = deps.now()
    const decision: Decision = {
      paymentId: payment.paymentId,
      attempt: payment.attempt,
      contentHash,
      accountId: payment.accountId,
      outcome: assessed.outcome,
      probability: Number.isNaN(assessed.probability) ? null : assessed.probability,
      riskLevel: assessed.riskLevel,
      reasons: assessed.reasons,
      stepUpMethod: assessed.stepUpMethod,
      notices: assessed.notices,
      bundleHash: deps.bundleHash(),
      degraded: assessed.degraded,
      late: assessed.late || deps.isLate(assessed),
      decidedAt,
      validUntil: decidedAt + deps.validityMs,
      feedbackMac: deps.mac(payment, assessed.outcome),
      stageMicros: laps.micros(),
      model: assessed.model,
      logOdds: assessed.logOdds,
      explainedLogOdds: assessed.explainedLogOdds,
      protectionLevel: assessed.protection.level,
      protectionReasons: assessed.protection.reasons,
      exceptions: assessed.exceptions,
      shed: assessed.shed,
    }
    return { assessed, decision, bytes: deps.encode(decision) }
  }

/** Of a record that is no payment nothing else is known for certain. */
const subjectOf = (paymentId: string, attempt: number, accountId: string | null): FeedbackSubject => ({
  paymentId,
  attempt,
  accountId,
  cardToken: null,
  payeeId: null,
  merchantId: null,
  deviceId: null,
  ipAddress: null,
})

/**
 * Makes the answer to a record that is no payment, so that the switch never waits for nothing; null if no
 * paymentId can be read. Given for each record and never journalled: garbage must not pre-empt a real payment.
 */
export const createAnswerRefused =
  (deps: AnswerDeps, invalid: () => InvalidAnswer) =>
  (refused: Refused): Answer | null => {
    if (refused.paymentId === null) return null
    // The same bytes when the record is delivered again, unless it has no time: nothing journals them.
    const decidedAt = recordTime(refused.source, deps.now)
    const { outcome, reasons } = invalid()
    const attempt = refused.attempt ?? 1
    const decision: Decision = {
      paymentId: refused.paymentId,
      attempt,
      contentHash: '',
      accountId: refused.accountId,
      outcome,
      probability: null,
      riskLevel: 'UNKNOWN',
      reasons,
      stepUpMethod: null,
      notices: [],
      bundleHash: deps.bundleHash(),
      degraded: [],
      late: false,
      decidedAt,
      validUntil: decidedAt + deps.validityMs,
      feedbackMac: deps.mac(subjectOf(refused.paymentId, attempt, refused.accountId), outcome),
      stageMicros: { wait: 0, decode: 0, recall: 0, features: 0, score: 0, decide: 0 },
      model: null,
      logOdds: null,
      explainedLogOdds: null,
      protectionLevel: 'UNKNOWN',
      protectionReasons: [],
      exceptions: [],
      shed: [],
    }
    return { source: refused.source, key: refused.accountId, bytes: deps.encode(decision) }
  }

/** A proposed answer that stands. */
export const asDecided = ({ assessed, decision, bytes }: Proposed): Decided => ({
  received: assessed,
  decision,
  bytes,
  repeated: false,
  published: false,
  redelivered: false,
})
