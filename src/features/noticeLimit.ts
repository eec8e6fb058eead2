/** A notice that somebody is about to be given. */
export type NoticeClaim = {
  /** The token of whoever gets it. */
  readonly recipient: string
  /** 16 hexadecimal digits that stand for what is said and of what. */
  readonly matter: string
  /** 16 hexadecimal digits: the same when the notice comes again because it was delivered again. */
  readonly id: string
  /** Counts against a limit of its own. */
  readonly isCritical: boolean
}

/**
 * first: to be given. again: to be given, as it was claimed before and nobody has confirmed that it was given.
 * duplicate: the recipient was told of the same matter lately. limited: he was told enough for one day.
 */
export const claimReplies = ['first', 'again', 'duplicate', 'limited'] as const
export type ClaimReply = (typeof claimReplies)[number]

export type NoticeLimits = {
  /** The same matter is told once in so long a time, ms. */
  readonly repeatMs: number
  /** Most notices for one recipient in 24 hours, of those that are not critical and of those that are. */
  readonly aDay: number
  readonly criticalADay: number
}

/** What each recipient was told lately, for all instances together. */
export type NoticeLimit = {
  /** Replies in the order of the claims; null: the store did not answer, and may have noted the claim. Never rejects. */
  claim(claims: readonly NoticeClaim[]): Promise<readonly (ClaimReply | null)[]>
  /** The notices were given: from now on they are duplicates. @throws SluiceError REDIS_UNAVAILABLE */
  confirm(claims: readonly NoticeClaim[]): Promise<void>
}

export const dayMs = 86_400_000

/** So long what a recipient was told is remembered. */
export const rememberedMs = ({ repeatMs }: NoticeLimits): number => Math.max(repeatMs, dayMs)

export type Told = {
  readonly matter: string
  readonly id: string
  /** Epoch ms. */
  readonly at: number
  readonly isConfirmed: boolean
  readonly isCritical: boolean
}

/** The rule, for one claim against what its recipient was told; the script in Redis is held to it by a test. */
export const replyTo = (
  claim: NoticeClaim,
  told: readonly Told[],
  now: number,
  limits: NoticeLimits,
): ClaimReply => {
  const earlier = told.find(({ matter, at }) => matter === claim.matter && at > now - limits.repeatMs)
  if (earlier !== undefined) return earlier.id === claim.id && !earlier.isConfirmed ? 'again' : 'duplicate'
  const today = told.filter(({ isCritical, at }) => isCritical === claim.isCritical && at > now - dayMs)
  return today.length >= (claim.isCritical ? limits.criticalADay : limits.aDay) ? 'limited' : 'first'
}
