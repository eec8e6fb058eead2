import type { AccountEvent } from '../../src/domain/accountEvent.ts'
import type { RiskFeedback } from '../../src/domain/feedback.ts'
import type { Happening } from '../../src/domain/happening.ts'
import { aPayment } from './payments.ts'

const { accountId, cardToken, deviceId, ipAddress, payeeId, merchantId, occurredAt } = aPayment()

export const aFeedback = (over: Partial<RiskFeedback> = {}): RiskFeedback => ({
  feedbackId: 'feedback-1',
  paymentId: 'pay-1',
  attempt: 1,
  occurredAt,
  knownAt: occurredAt + 3_600_000,
  kind: 'FRAUD_CONFIRMED',
  source: 'test',
  feedbackMac: null,
  accountId,
  cardToken,
  payeeId,
  merchantId,
  deviceId,
  ipAddress,
  ...over,
})

export const anAccountEvent = (over: Partial<AccountEvent> = {}): AccountEvent => ({
  eventId: 'event-1',
  occurredAt,
  kind: 'LOGIN_FAILED',
  accountId,
  deviceId,
  ipAddress,
  payeeId,
  ...over,
})

/** Feedback that came when it was known, if nothing else is said. */
export const told = (feedback: RiskFeedback, cameAt = feedback.knownAt): Happening => ({
  kind: 'feedback',
  feedback,
  partition: 0,
  offset: 0,
  cameAt,
})

export const occurred = (event: AccountEvent, cameAt = event.occurredAt): Happening => ({
  kind: 'accountEvent',
  event,
  partition: 0,
  offset: 0,
  cameAt,
})
