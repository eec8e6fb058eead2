import type { NoticeDraft } from '../domain/notice.ts'
import { holdFunds, recallPayment } from './noticeEvents.ts'
import { dueAtOf } from './noticeTimes.ts'

export type ConfirmedMule = {
  readonly payeeId: string
  /** The feedback that confirmed the fraud. */
  readonly feedbackId: string
  /** Epoch ms at which it came. */
  readonly cameAt: number
}

/** Those who paid the payee lately are to recall, and its bank is to hold what came. */
export const noticesOfMule = (
  { payeeId, feedbackId, cameAt }: ConfirmedMule,
  payers: readonly string[],
): readonly NoticeDraft[] => {
  const common = {
    deviceId: null,
    paymentId: null,
    payeeId,
    moment: 'AFTER',
    createdAt: cameAt,
    subject: payeeId,
    cause: feedbackId,
  } as const
  const recalls = payers.map((accountId): NoticeDraft => ({
    ...recallPayment,
    ...common,
    accountId,
    audience: 'PAYER',
    dueAt: dueAtOf(recallPayment, cameAt),
    recipient: accountId,
  }))
  return [
    ...recalls,
    {
      ...holdFunds,
      ...common,
      accountId: '',
      audience: 'PAYEE_BANK',
      dueAt: dueAtOf(holdFunds, cameAt),
      recipient: payeeId,
    },
  ]
}
