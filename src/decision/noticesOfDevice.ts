import type { Notice } from '../domain/decision.ts'
import type { NoticeDraft } from '../domain/notice.ts'
import { dueAtOf } from './noticeTimes.ts'

export type DeviceCause = {
  readonly deviceId: string
  /** What told of it: a report's id, a vulnerability's. */
  readonly cause: string
  /** Epoch ms. */
  readonly at: number
}

/**
 * Something about a device got worse, before anybody pays: the accounts that used it lately are told, or the device
 * itself where none is known.
 */
export const noticesOfDevice = (
  notice: Notice,
  { deviceId, cause, at }: DeviceCause,
  accounts: readonly string[],
): readonly NoticeDraft[] =>
  (accounts.length === 0 ? [''] : accounts).map((accountId) => ({
    ...notice,
    accountId,
    deviceId,
    paymentId: null,
    payeeId: null,
    moment: 'BEFORE',
    audience: 'DEVICE_OWNER',
    dueAt: dueAtOf(notice, at),
    createdAt: at,
    recipient: accountId === '' ? deviceId : accountId,
    subject: deviceId,
    cause,
  }))
