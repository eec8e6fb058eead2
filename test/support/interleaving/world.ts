import { createMemoryJournal } from '../../../src/features/journal.memory.ts'
import type { Journal } from '../../../src/domain/journal.ts'
import type { RawRecord } from '../../../src/stream/record.ts'

/** A record of `decisions`; its position is its place in the list. */
export type Written = { readonly sourceOffset: number; readonly bytes: Buffer }
export type Committed = { readonly offset: number; readonly position: number | null }

/** What outlives an instance: one partition of `payments` and of `decisions`, the commits of the group, the journal. */
export type World = {
  readonly payments: readonly RawRecord[]
  readonly decisions: Written[]
  committed: Committed
  /** Counts those that took the partition over: only the newest may commit, or in exactly-once write. */
  owners: number
  journal: Journal
  /** Epoch ms; no two moments are the same, so that no two decisions are by chance. */
  readonly now: () => number
}

export const createWorld = (payments: readonly RawRecord[], startAt: number): World => {
  let moment = startAt
  const now = (): number => moment++
  return {
    payments,
    decisions: [],
    committed: { offset: 0, position: null },
    owners: 0,
    journal: createMemoryJournal({ now }),
    now,
  }
}
