import type { RawRecord } from './record.ts'

/** Every record before `next` is answered; none of them is younger than `at`, epoch ms. */
export type Reached = { readonly next: number; readonly at: number }

/** @param records answered now, in their order; at least one */
export const reachedBy = (records: readonly RawRecord[], before: Reached | undefined): Reached => ({
  next: (records.at(-1)?.offset ?? -1) + 1,
  at: records.reduce((at, { timestamp }) => Math.max(at, timestamp), before?.at ?? -Infinity),
})

/**
 * Where a leader moved, two brokers may have been asked for the same records. A younger record is another one: the topic
 * was made anew.
 */
export const isAnswered = (
  { offset, timestamp }: { readonly offset: string; readonly timestamp: string },
  reached: Reached | undefined,
): boolean => reached !== undefined && Number(offset) < reached.next && Number(timestamp) <= reached.at
