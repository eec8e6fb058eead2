import { severities, type Notice } from '../../domain/decision.ts'
import { nullable, record, type Check, type Checks } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import type { Schemas } from './schemas.ts'
import * as value from './values.ts'

export const noticeMoments = ['UNKNOWN', 'BEFORE', 'DURING', 'AFTER'] as const
/** When a person should act, relative to a payment. */
export type NoticeMoment = (typeof noticeMoments)[number]

/** A notice as published on `notices`: whom it is for, and about what. */
export type PublishedNotice = Notice & {
  readonly noticeId: string
  readonly accountId: string
  readonly deviceId: string | null
  readonly paymentId: string | null
  readonly moment: NoticeMoment
  readonly createdAt: number
}

const longestText = 1000

export const noticeChecks: Checks<Notice> = {
  code: value.code,
  severity: value.symbol(severities),
  actionEn: value.text(longestText),
  actionZh: value.text(longestText),
  reasonEn: value.text(longestText),
  reasonZh: value.text(longestText),
}

const checkNotice: Check<PublishedNotice> = record<PublishedNotice>({
  noticeId: value.id,
  accountId: value.id,
  deviceId: nullable(value.id),
  paymentId: nullable(value.id),
  moment: value.symbol(noticeMoments),
  createdAt: value.moment,
  ...noticeChecks,
})

export const createNoticeCodec = (schemas: Schemas): Codec<PublishedNotice> =>
  createCodec(schemas, { record: 'Notice', version: 1 }, checkNotice)
