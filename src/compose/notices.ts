import type { NoticeDraft, NoticeResult, PublishedNotice } from '../domain/notice.ts'
import { SluiceError } from '../errors.ts'
import type { ClaimReply, NoticeClaim, NoticeLimit } from '../features/noticeLimit.ts'
import type { NoticeMessage, NoticesReady } from '../stream/noticePublisher.kafka.ts'

export type NoticesDeps = {
  readonly limit: NoticeLimit
  /** 16 hexadecimal digits of a keyed hash. */
  readonly hash: (text: string) => string
  readonly encode: (notice: PublishedNotice) => Buffer
  readonly publish: (notices: readonly NoticeMessage[]) => Promise<void>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** What was brought about longer ago gives no notice: a topic read again from its beginning alarms nobody. */
  readonly maxAgeMs: number
  readonly observe: (notice: Pick<NoticeDraft, 'code' | 'moment'>, result: NoticeResult) => void
}

/** Tells people, each once, and not more than they can bear. */
export type Notices = {
  /**
   * Of what does not wait, to be sent with it. Without Redis nobody knows who was told what: what is critical goes out
   * all the same, what is not is held and counted. Never rejects.
   */
  readonly ready: (drafts: readonly NoticeDraft[]) => Promise<NoticesReady>
  /** Of what comes again after a rejection, which is what happens without Redis. @throws SluiceError REDIS_UNAVAILABLE */
  readonly tellOnce: (drafts: readonly NoticeDraft[]) => Promise<void>
}

type Claimed = {
  readonly draft: NoticeDraft
  readonly claim: NoticeClaim
  readonly reply: ClaimReply | null
}

/** Field by field: what a draft has beside is no part of the record. */
const noticeOf = (draft: NoticeDraft, noticeId: string): PublishedNotice => ({
  noticeId,
  accountId: draft.accountId,
  deviceId: draft.deviceId,
  paymentId: draft.paymentId,
  payeeId: draft.payeeId,
  moment: draft.moment,
  audience: draft.audience,
  dueAt: draft.dueAt,
  createdAt: draft.createdAt,
  code: draft.code,
  severity: draft.severity,
  actionEn: draft.actionEn,
  actionZh: draft.actionZh,
  reasonEn: draft.reasonEn,
  reasonZh: draft.reasonZh,
})

export const createNotices = (deps: NoticesDeps): Notices => {
  const { limit, hash, observe } = deps

  const claimOf = ({ recipient, code, moment, subject, cause, severity }: NoticeDraft): NoticeClaim => ({
    recipient,
    matter: hash(JSON.stringify([code, moment, subject])),
    id: hash(JSON.stringify([recipient, code, moment, subject, cause])),
    isCritical: severity === 'CRITICAL',
  })

  const claimed = async (drafts: readonly NoticeDraft[]): Promise<readonly Claimed[]> => {
    const oldest = deps.now() - deps.maxAgeMs
    const byId = new Map<string, { readonly draft: NoticeDraft; readonly claim: NoticeClaim }>()
    for (const draft of drafts) {
      if (draft.createdAt < oldest) {
        observe(draft, 'stale')
        continue
      }
      const claim = claimOf(draft)
      byId.set(claim.id, { draft, claim })
    }
    const asked = [...byId.values()]
    const replies = asked.length === 0 ? [] : await limit.claim(asked.map(({ claim }) => claim))
    return asked.map((each, i) => ({ ...each, reply: replies[i] ?? null }))
  }

  const readyOf = (told: readonly Claimed[]): NoticesReady => ({
    messages: told.map(({ draft, claim }) => ({
      key: draft.recipient,
      value: deps.encode(noticeOf(draft, claim.id)),
    })),
    given: () => {
      for (const { draft } of told) observe(draft, 'published')
    },
  })

  const isToBeGiven = ({ reply }: Claimed): boolean => reply === 'first' || reply === 'again'

  const observeKept = (all: readonly Claimed[]): void => {
    for (const { draft, reply } of all)
      if (reply === 'duplicate' || reply === 'limited') observe(draft, reply)
  }

  return {
    ready: async (drafts) => {
      const all = await claimed(drafts)
      observeKept(all)
      for (const { draft, claim, reply } of all)
        if (reply === null && !claim.isCritical) observe(draft, 'held')
      return readyOf(
        all.filter((each) => isToBeGiven(each) || (each.reply === null && each.claim.isCritical)),
      )
    },
    tellOnce: async (drafts) => {
      const all = await claimed(drafts)
      if (all.some(({ reply }) => reply === null))
        throw new SluiceError('REDIS_UNAVAILABLE', 'Redis does not tell who was given which notice', {
          retriable: true,
        })
      const told = all.filter(isToBeGiven)
      const { messages, given } = readyOf(told)
      await deps.publish(messages)
      given()
      if (told.length > 0) await limit.confirm(told.map(({ claim }) => claim))
      observeKept(all)
    },
  }
}
