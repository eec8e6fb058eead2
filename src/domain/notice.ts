import type { Notice } from './decision.ts'

export const noticeMoments = ['UNKNOWN', 'BEFORE', 'DURING', 'AFTER'] as const
/** When a person should act, relative to a payment. */
export type NoticeMoment = (typeof noticeMoments)[number]

export const noticeAudiences = ['UNKNOWN', 'PAYER', 'DEVICE_OWNER', 'PAYEE_BANK'] as const
/** Who should act. */
export type NoticeAudience = (typeof noticeAudiences)[number]

/** A notice as published on `notices`: whom it is for, about what, and by when to act. */
export type PublishedNotice = Notice & {
  /** The same when what brought it about is delivered again: who passes notices on drops one that he has had. */
  readonly noticeId: string
  /** Empty where only the device, or only the payee, is known. */
  readonly accountId: string
  readonly deviceId: string | null
  readonly paymentId: string | null
  readonly payeeId: string | null
  readonly moment: NoticeMoment
  readonly audience: NoticeAudience
  /** Epoch ms by which to act; null: no time is set. */
  readonly dueAt: number | null
  /** Epoch ms of what brought it about. */
  readonly createdAt: number
}

/** A notice before it is known whether its recipient is to get it. */
export type NoticeDraft = Omit<PublishedNotice, 'noticeId'> & {
  /** The token of whoever gets it, and the key of its record: an account, a device or a payee. */
  readonly recipient: string
  /** The same recipient is told the same of one subject once in a while. */
  readonly subject: string
  /** What brought it about, by an id that stays when it is delivered again. */
  readonly cause: string
}

/** What became of a notice: those that wait for Redis come again, those that are held do not. */
export const noticeResults = ['published', 'duplicate', 'limited', 'held', 'stale'] as const
export type NoticeResult = (typeof noticeResults)[number]
