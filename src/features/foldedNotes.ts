import { allNotes, isFraudByAll, isStepUpNote, type Note, type NoteKind, type Notes } from './notes.ts'

/** Positions of the notes that stay as they are, those that become buckets, and all that are newer than those. */
export type SplitNotes = {
  readonly kept: ReadonlySet<number>
  readonly folded: readonly Note[]
  readonly newer: readonly Note[]
}

const ofOutcomes: readonly NoteKind[] = ['BLOCK', 'DECLINED', 'STEP_UP_FAILED']

const isLabel = ({ kind }: Note): boolean => kind === 'FRAUD' || kind === 'GENUINE'

/** A folded label leaves one fraud behind, if that is what was said last of its payment. */
const leftBy = (note: Note): readonly Note[] => {
  if (!isLabel(note)) return [note]
  return isFraudByAll(note) ? [{ ...note, kind: 'FRAUD' }] : []
}

/**
 * The newest of each kind stay as they are; what became of a payment goes where the payment goes. Of several labels of
 * one payment the last one speaks for all: of those none stays while a later one goes.
 * @param paymentStays whether the payment of what became of one does
 */
export const splitNotes = (
  notes: Notes,
  paymentStays: (note: Note) => boolean,
  oldest: number,
  perKind: number,
): SplitNotes => {
  const counts = new Map<NoteKind, number>()
  const kept = new Set<number>()
  const folded: Note[] = []
  const newer: Note[] = []
  for (const note of allNotes(notes).toReversed()) {
    if (note.at <= oldest || (isLabel(note) && note.followed) || isStepUpNote(note.kind)) continue
    const kind = isLabel(note) ? 'FRAUD' : note.kind
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    const stays = ofOutcomes.includes(note.kind) ? paymentStays(note) : count <= perKind
    if (stays) {
      kept.add(note.position)
      newer.push(note)
    } else folded.push(...leftBy(note))
  }
  return { kept, folded, newer }
}
