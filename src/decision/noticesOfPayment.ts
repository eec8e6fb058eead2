import type { Decision, Notice } from '../domain/decision.ts'
import type { NoticeDraft } from '../domain/notice.ts'
import type { Payment } from '../domain/payment.ts'
import { deviceNotices, verifyPayee } from './noticeCatalogue.ts'
import { confirmPayment, paymentBlocked } from './noticeEvents.ts'
import { dueAtOf } from './noticeTimes.ts'
import { reasonCatalogue } from './reasonCatalogue.ts'

const deviceCodes: ReadonlySet<string> = new Set(Object.values(deviceNotices).map(({ code }) => code))

/** What the payer reads when there is nothing more to say. */
const unspecific = reasonCatalogue['MODEL_SCORE']?.payerEn

/** The notice with the payer's words for the first reason that has some of its own. */
const reasoned = (notice: Notice, reasons: Decision['reasons']): Notice => {
  for (const { code } of reasons) {
    const text = reasonCatalogue[code]
    if (text !== undefined && text.payerEn !== unspecific)
      return { ...notice, reasonEn: text.payerEn, reasonZh: text.payerZh }
  }
  return notice
}

type Answered = Pick<
  Decision,
  'paymentId' | 'attempt' | 'outcome' | 'reasons' | 'notices' | 'decidedAt' | 'validUntil'
>

/**
 * What the payer of a payment that was stopped is told: that it waits for him (DURING) or was blocked (AFTER), why, and
 * what the decision says that he should do. None for an allowed payment.
 */
export const noticesOfPayment = (payment: Payment, decision: Answered): readonly NoticeDraft[] => {
  if (decision.outcome === 'ALLOW') return []
  const waits = decision.outcome === 'STEP_UP'
  const own = waits ? confirmPayment : paymentBlocked
  const cause = `${decision.paymentId}.${decision.attempt}`

  const subjectOf = ({ code }: Notice): string => {
    if (code === own.code) return cause
    if (deviceCodes.has(code)) return payment.deviceId ?? ''
    return code === verifyPayee.code ? (payment.payeeId ?? '') : ''
  }
  return [reasoned(own, decision.reasons), ...decision.notices].map((notice) => ({
    ...notice,
    accountId: payment.accountId,
    deviceId: payment.deviceId,
    paymentId: decision.paymentId,
    payeeId: payment.payeeId,
    moment: waits ? 'DURING' : 'AFTER',
    audience: deviceCodes.has(notice.code) ? 'DEVICE_OWNER' : 'PAYER',
    dueAt: waits ? decision.validUntil : dueAtOf(notice, decision.decidedAt),
    createdAt: decision.decidedAt,
    recipient: payment.accountId,
    subject: subjectOf(notice),
    cause,
  }))
}
