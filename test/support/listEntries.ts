import type { ListEntry } from '../../src/domain/listEntry.ts'

const dayMs = 86_400_000

/** A block entry for a payee that has been there for a day and ends in another. */
export const aListEntry = (over: Partial<ListEntry> = {}, now = Date.UTC(2026, 5, 1)): ListEntry => ({
  entryId: 'entry-1',
  effect: 'BLOCK',
  subject: 'PAYEE',
  token: 'payee-1',
  payeeId: null,
  ruleId: null,
  reason: 'for a test',
  addedBy: 'tests',
  from: now - dayMs,
  until: now + dayMs,
  comment: null,
  ...over,
})
