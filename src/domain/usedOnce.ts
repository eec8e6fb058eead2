/** Something that may be used once: a nonce, the id of a token, one value of a counter. */
export type Use = {
  readonly id: string
  /** Who uses it: the same owner may come again, as a record does that is delivered again. */
  readonly owner: string
  /** A counter that must be higher than ever before; null: there is none. */
  readonly counter: { readonly id: string; readonly value: number } | null
}

/** USED: by another owner before. NOT_RISEN: the counter has been there, or beyond. */
export type UseReply = 'FIRST' | 'USED' | 'NOT_RISEN'

/** What all instances agree on. */
export type UsedOnce = {
  /**
   * One reply for each use, in their order; the same use gets the same reply again.
   * Rejects with REDIS_UNAVAILABLE (retriable) when nothing can be known.
   */
  readonly claim: (uses: readonly Use[]) => Promise<readonly UseReply[]>
}
