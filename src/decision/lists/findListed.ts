import type { ListEntry } from '../../domain/listEntry.ts'
import type { Received } from '../../domain/received.ts'
import type { ListIndex } from './listIndex.ts'

/** The entries that act on a payment; none of two sources goes before the other. */
export type FindListed = (
  received: Pick<Received, 'payment' | 'effectiveAt' | 'source'>,
) => readonly ListEntry[]

const none: readonly ListEntry[] = []

/**
 * A payment has two times, its effectiveAt and the record's timestamp, of which a sender can make the first earlier than
 * it was. Where the two disagree the stricter counts: a BLOCK acts from the first to the last moment that either is
 * within, an exception only while both are.
 * @param exceptionsMs an exception acts no longer than this after its `from`, whatever it says
 */
export const acts = (
  entry: ListEntry,
  effectiveAt: number,
  recordedAt: number,
  exceptionsMs: number,
): boolean => {
  const latest = Math.max(effectiveAt, recordedAt)
  const until = entry.until ?? Infinity
  if (entry.effect === 'BLOCK') return entry.from <= latest && effectiveAt < until
  return entry.from <= effectiveAt && latest < Math.min(until, entry.from + exceptionsMs)
}

export const createFindListed = (
  indexes: readonly Pick<ListIndex, 'visit' | 'size'>[],
  exceptionsMs: number,
): FindListed => {
  return ({ payment, effectiveAt, source }) => {
    let found: ListEntry[] | null = null
    const note = (entry: ListEntry): void => {
      if (acts(entry, effectiveAt, source.timestamp, exceptionsMs)) (found ??= []).push(entry)
    }
    for (const index of indexes) index.visit(payment, note)
    return found ?? none
  }
}
