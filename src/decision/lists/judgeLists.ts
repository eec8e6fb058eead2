import type { ListEntry } from '../../domain/listEntry.ts'
import type { Judge } from '../judge.ts'

/** A block entry is a ground that no exception overrules. */
export const judgeLists: Judge = ({ listed }, grounds) => {
  for (const entry of listed) if (entry.effect === 'BLOCK') grounds.push(groundOf(entry))
}

const groundOf = ({ entryId }: ListEntry) =>
  ({ code: 'LISTED', outcome: 'BLOCK', origin: { part: 'list', id: entryId }, isFinal: true }) as const
