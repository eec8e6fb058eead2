import { allNotes, isFraudByAll, isStepUpNote, type Note, type NoteKind, type Notes } from './notes.ts'

export type SplitNotes = {
  /** Positions of the notes that stay as they are. */
  readonly kept: ReadonlySet<number>
  /** Those of all others that are known again by their offset, whether or not they leave anything behind. */
  readonly gone: ReadonlySet<number>
  /** What becomes buckets. */
  readonly folded: readonly Note[]
  /** All that are newer than those. */
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
  const gone = new Set<number>()
  const folded: Note[] = []
  const newer: Note[] = []
  for (const note of allNotes(notes).toReversed()) {
    if (isStepUpNote(note.kind)) continue
    if (note.at <= oldest || (isLabel(note) && note.followed)) {
      gone.add(note.position)
      continue
    }
    const kind = isLabel(note) ? 'FRAUD' : note.kind
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    const stays = ofOutcomes.includes(note.kind) ? paymentStays(note) : count <= perKind
    if (stays) {
      kept.add(note.position)
      newer.push(note)
    } else {
      gone.add(note.position)
      folded.push(...leftBy(note))
    }
  }
  return { kept, gone, folded, newer }
}
