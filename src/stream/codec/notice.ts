import { severities, type Notice } from '../../domain/decision.ts'
import { noticeAudiences, noticeMoments, type PublishedNotice } from '../../domain/notice.ts'
import { nullable, record, type Check, type Checks } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import type { Schemas } from './schemas.ts'
import * as value from './values.ts'

const longestText = 1000

export const noticeChecks: Checks<Notice> = {
  code: value.code,
  severity: value.symbol(severities),
  actionEn: value.text(longestText),
  actionZh: value.text(longestText),
  reasonEn: value.text(longestText),
  reasonZh: value.text(longestText),
}

const idOrEmpty: Check<string> = (given) => (given === '' ? null : value.id(given))

const checkNotice: Check<PublishedNotice> = record<PublishedNotice>({
  noticeId: value.id,
  accountId: idOrEmpty,
  deviceId: nullable(value.id),
  paymentId: nullable(value.id),
  moment: value.symbol(noticeMoments),
  createdAt: value.moment,
  ...noticeChecks,
  payeeId: nullable(value.id),
  audience: value.symbol(noticeAudiences),
  dueAt: nullable(value.moment),
})

export const createNoticeCodec = (schemas: Schemas): Codec<PublishedNotice> =>
  createCodec(schemas, { record: 'Notice', version: 2 }, checkNotice)
