/** What a request for the records of a partition brought; read_committed. */
export type FetchedPart = {
  /** Of the last record within, also of those that a reader does not see; null: it brought nothing. */
  readonly lastOffset: number | null
  /** Before it everything is decided, as far as the broker asked knows. */
  readonly lastStableOffset: number
}

/**
 * The offset to ask for next. Where nothing came, nothing stands before the last stable offset, as after compaction; what
 * stands beyond it may still be committed: while transactions are under way, or as a broker sees it that has just begun
 * to lead, or leads no more. kafkajs goes on at the high watermark there, and passes over it.
 */
export const goOnFrom = (from: number, { lastOffset, lastStableOffset }: FetchedPart): number =>
  Math.max(from, lastOffset === null ? lastStableOffset : lastOffset + 1)
