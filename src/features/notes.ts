import { accountEventKinds, type AccountEventKind } from '../domain/accountEvent.ts'

/** What is noted beside payments: what became of one, what it turned out to be, and what else the account did. */
export const noteKinds = [
  'FRAUD',
  'GENUINE',
  'BLOCK',
  'DECLINED',
  'STEP_UP_FAILED',
  ...accountEventKinds,
] as const
export type NoteKind = 'FRAUD' | 'GENUINE' | 'BLOCK' | 'DECLINED' | 'STEP_UP_FAILED' | AccountEventKind

/** Notes are few beside payments: plain objects, in the order of the log. */
export type Note = {
  readonly kind: NoteKind
  /** Epoch ms: of the payment that it is about, or of the event. This is what puts it into a window. */
  readonly at: number
  /** Epoch ms from which on it may be known. */
  readonly knownAt: number
  /** Byte offset in the log of the record that told it. */
  readonly position: number
  /** Hash of the payment's or the event's id. */
  readonly idLow: number
  readonly idHigh: number
  /** Of the payment; 0 for labels, which match on the id alone, and for events. */
  readonly attempt: number
  /** The next label of the same payment. */
  next: Note | null
  /** A label of the same payment stands before it: it is reached from there. */
  readonly follows: boolean
}

const isLabel = ({ kind }: Pick<Note, 'kind'>): boolean => kind === 'FRAUD' || kind === 'GENUINE'

const sameSubject = (a: Omit<Note, 'next' | 'follows'>, b: Note): boolean =>
  a.idLow === b.idLow && a.idHigh === b.idHigh && a.attempt === b.attempt

/** The notes with one more; the same as before where it says what is known already. */
export const addNote = (notes: readonly Note[], added: Omit<Note, 'next' | 'follows'>): readonly Note[] => {
  const aboutLabel = isLabel(added)
  let last: Note | null = null
  for (const note of notes) {
    if (!sameSubject(added, note) || isLabel(note) !== aboutLabel) continue
    if (note.kind === added.kind && (!aboutLabel || note.knownAt === added.knownAt)) return notes
    if (aboutLabel) last = note
  }
  const note: Note = { ...added, next: null, follows: last !== null }
  if (last !== null) last.next = note
  return [...notes, note]
}

/** What a payment sees: the records before its own first one, as far as they were known at its time. */
export type Sight = { readonly before: number; readonly effectiveAt: number }

const isSeen = (note: Note, { before, effectiveAt }: Sight): boolean =>
  note.position < before && note.knownAt <= effectiveAt

/** Whether the payment of a first label counts as fraud: what was known last is what it is. */
const isFraud = (first: Note, sight: Sight): boolean => {
  let known: Note | null = null
  for (let label: Note | null = first; label !== null; label = label.next)
    if (isSeen(label, sight) && (known === null || label.knownAt >= known.knownAt)) known = label
  return known?.kind === 'FRAUD'
}

/** Calls `use` with the time of each note of that kind that is seen and lies in (start, end]. */
export const eachNote = (
  notes: readonly Note[],
  kind: NoteKind,
  sight: Sight,
  start: number,
  end: number,
  use: (at: number) => void,
): void => {
  for (const note of notes) {
    if (note.at <= start || note.at > end) continue
    if (
      kind === 'FRAUD'
        ? isLabel(note) && !note.follows && isFraud(note, sight)
        : note.kind === kind && isSeen(note, sight)
    )
      use(note.at)
  }
}
