import { idOf } from './rawRecords.ts'
import type { Note, NoteKind } from './notes.ts'

/** Positions of the notes that stay as they are, those that become buckets, and all that are newer than those. */
export type SplitNotes = {
  readonly kept: ReadonlySet<number>
  readonly folded: readonly Note[]
  readonly newer: readonly Note[]
}

const ofOutcomes: readonly NoteKind[] = ['BLOCK', 'DECLINED', 'STEP_UP_FAILED']

const lastLabel = (note: Note): Note => {
  let last = note
  while (last.next !== null) last = last.next
  return last
}

/** What a folded label leaves behind: one fraud, if that is what was said last. */
const leavesFraud = (note: Note): boolean => !note.follows && lastLabel(note).kind === 'FRAUD'

const leavesBucket = (note: Note): boolean =>
  note.kind === 'FRAUD' || note.kind === 'GENUINE' ? leavesFraud(note) : true

/**
 * The newest of each kind stay as they are; what became of a payment goes where the payment goes.
 * @param keptPayments ids of the payments that stay
 */
export const splitNotes = (
  notes: readonly Note[],
  keptPayments: ReadonlySet<string>,
  oldest: number,
  perKind: number,
): SplitNotes => {
  const counts = new Map<NoteKind, number>()
  const kept = new Set<number>()
  const folded: Note[] = []
  const newer: Note[] = []
  for (const note of notes.toReversed()) {
    if (note.at <= oldest) continue
    const count = (counts.get(note.kind) ?? 0) + 1
    counts.set(note.kind, count)
    const stays = ofOutcomes.includes(note.kind)
      ? keptPayments.has(idOf(note.idLow, note.idHigh, note.attempt))
      : count <= perKind
    if (stays) {
      kept.add(note.position)
      newer.push(note)
    } else if (leavesBucket(note)) folded.push(note)
  }
  return { kept, folded, newer }
}
