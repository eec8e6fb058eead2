import { rememberedMs, replyTo, type NoticeLimit, type NoticeLimits, type Told } from './noticeLimit.ts'

/** @param now epoch ms */
export const createMemoryNoticeLimit = (limits: NoticeLimits, now: () => number): NoticeLimit => {
  const byRecipient = new Map<string, readonly Told[]>()
  return {
    claim: (claims) =>
      Promise.resolve(
        claims.map((claim) => {
          const at = now()
          const told = (byRecipient.get(claim.recipient) ?? []).filter(
            (each) => each.at > at - rememberedMs(limits),
          )
          const reply = replyTo(claim, told, at, limits)
          if (reply === 'first') {
            const { matter, id, isCritical } = claim
            byRecipient.set(claim.recipient, [...told, { matter, id, at, isConfirmed: false, isCritical }])
          }
          return reply
        }),
      ),
    confirm: (claims) => {
      for (const { recipient, id } of claims)
        byRecipient.set(
          recipient,
          (byRecipient.get(recipient) ?? []).map((each) =>
            each.id === id ? { ...each, isConfirmed: true } : each,
          ),
        )
      return Promise.resolve()
    },
  }
}
