import type { Hash64 } from './hashing.ts'
import type { Meeting } from './recentPayers.ts'

/** Which meetings this instance has noted lately: of fixed size, and forgetful where two pairs meet in one slot. */
export type RecentPairs = {
  /** Whether the pair was noted less than the period before, or after; notes it otherwise. */
  readonly hasNoted: (meeting: Meeting) => boolean
}

/** A power of two: 8 bytes each. */
const slots = 2 ** 18
const minuteMs = 60_000

/**
 * @param hashToken keyed: nobody who chooses tokens can make two pairs look the same, which by chance one in 2^32 does
 * @param repeatMs the same pair is noted again after so long a time
 */
export const createRecentPairs = (hashToken: (token: string) => Hash64, repeatMs: number): RecentPairs => {
  const tags = new Uint32Array(slots)
  const minutes = new Uint32Array(slots)
  const repeatMinutes = repeatMs / minuteMs
  return {
    hasNoted: ({ of, token, accountId, at }) => {
      const [met, account] = [hashToken(token), hashToken(accountId)]
      const slot = (met.low ^ account.high) & (slots - 1)
      const tag = (met.high ^ Math.imul(account.low, 0x9e3779b1) ^ (of === 'payee' ? 0 : 1)) >>> 0
      const minute = Math.floor(at / minuteMs)
      const isKnown = tags[slot] === tag && Math.abs(minute - (minutes[slot] ?? 0)) < repeatMinutes
      if (isKnown) return true
      tags[slot] = tag
      minutes[slot] = minute
      return false
    },
  }
}
