import { hash } from 'node:crypto'
import type { FeedbackSubject } from '../domain/feedback.ts'
import type { Outcome } from '../domain/outcome.ts'

const blockBytes = 64

const padded = (key: Buffer, pad: number): Buffer =>
  Buffer.from(Buffer.concat([key], blockBytes).map((byte) => byte ^ pad))

/** What the proof is over: the outcome, and every name that the feedback will be noted under. */
const messageOf = (subject: FeedbackSubject, outcome: Outcome): Buffer =>
  Buffer.from(
    JSON.stringify([
      subject.paymentId,
      subject.attempt,
      outcome,
      subject.accountId,
      subject.cardToken,
      subject.payeeId,
      subject.merchantId,
      subject.deviceId,
      subject.ipAddress,
    ]),
  )

export type FeedbackMac = (subject: FeedbackSubject, outcome: Outcome) => string

/**
 * The first 128 bits of HMAC-SHA-256 (RFC 2104) over what a decision was about and its outcome: proof for
 * `risk-feedback` that its sender has seen the decision, and speaks of that payment's own account, payee and so on.
 * Two one-shot hashes cost a fifth of an Hmac object.
 * @param key at most 64 bytes
 */
export const createFeedbackMac = (key: Buffer): FeedbackMac => {
  const inner = padded(key, 0x36)
  const outer = padded(key, 0x5c)
  return (subject, outcome) => {
    const digest = hash('sha256', Buffer.concat([inner, messageOf(subject, outcome)]), 'buffer')
    return hash('sha256', Buffer.concat([outer, digest]), 'hex').slice(0, 32)
  }
}
