/** An answer that somebody wants to give. */
export type JournalEntry = {
  readonly paymentId: string
  readonly attempt: number
  /** 16 hexadecimal digits. */
  readonly contentHash: string
  readonly bytes: Buffer
}

/**
 * first: the proposed answer stands. repeated: this one was given before. reused: the id was used before, for
 * other content. unknown: the journal does not say whether the proposal stands.
 */
export type JournalReply =
  | { readonly kind: 'first' }
  | { readonly kind: 'repeated'; readonly bytes: Buffer }
  | { readonly kind: 'reused' }
  | { readonly kind: 'unknown' }

/** Who decides a payment first, decides it. */
export type Journal = {
  /** One reply for each entry, in their order; two entries for one payment meet in that order. Never rejects. */
  first(entries: readonly JournalEntry[]): Promise<readonly JournalReply[]>
}
