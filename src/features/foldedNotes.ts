import { idOf } from './rawRecords.ts'
import { allNotes, isFraudByAll, type Note, type NoteKind, type Notes } from './notes.ts'

/** Positions of the notes that stay as they are, those that become buckets, and all that are newer than those. */
export type SplitNotes = {
  readonly kept: ReadonlySet<number>
  readonly folded: readonly Note[]
  readonly newer: readonly Note[]
}

const ofOutcomes: readonly NoteKind[] = ['BLOCK', 'DECLINED', 'STEP_UP_FAILED']

/** A folded label leaves one fraud behind, if that is what was said last of its payment. */
const leavesBucket = (note: Note): boolean =>
  note.kind === 'FRAUD' || note.kind === 'GENUINE' ? isFraudByAll(note) : true

/**
 * The newest of each kind stay as they are; what became of a payment goes where the payment goes.
 * @param keptPayments ids of the payments that stay
 */
export const splitNotes = (
  notes: Notes,
  keptPayments: ReadonlySet<string>,
  oldest: number,
  perKind: number,
): SplitNotes => {
  const counts = new Map<NoteKind, number>()
  const kept = new Set<number>()
  const folded: Note[] = []
  const newer: Note[] = []
  for (const note of allNotes(notes).toReversed()) {
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
