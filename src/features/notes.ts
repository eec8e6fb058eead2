import { accountEventKinds, type AccountEventKind } from '../domain/accountEvent.ts'
import type { ReasonSet } from '../domain/reasonSet.ts'

/** What is noted beside payments: what became of one, what it turned out to be, and what else the account did. */
export type NoteKind =
  'FRAUD' | 'GENUINE' | 'BLOCK' | 'DECLINED' | 'STEP_UP_FAILED' | StepUpNoteKind | AccountEventKind

/** Asked, and passed: these are known only while their payment is told apart, and leave nothing in a folded log. */
export const stepUpNoteKinds = ['STEP_UP', 'STEP_UP_PASSED'] as const
export type StepUpNoteKind = (typeof stepUpNoteKinds)[number]

export const isStepUpNote = (kind: NoteKind): kind is StepUpNoteKind =>
  kind === 'STEP_UP' || kind === 'STEP_UP_PASSED'

/** Those that a folded log counts, by their number there. Append only, as `accountEventKinds` is. */
export const noteKinds: readonly NoteKind[] = [
  'FRAUD',
  'GENUINE',
  'BLOCK',
  'DECLINED',
  'STEP_UP_FAILED',
  ...accountEventKinds,
]

/** What one record tells. */
export type Told = {
  readonly kind: NoteKind
  /** Epoch ms: of the payment that it is about, or of the event. This is what puts it into a window. */
  readonly at: number
  /** Epoch ms from which on it may be known. */
  readonly knownAt: number
  /** Byte offset in the log from which on it is told: of its record, or of its payment's where that comes later. */
  readonly position: number
  /** Hash of the payment's or the event's id. */
  readonly idLow: number
  readonly idHigh: number
  /** Attempt and content hash of the payment, as `tryOf` packs them; 0 for labels, which match on the id alone, and for events. */
  readonly tried: number
  /** Of STEP_UP: what it was asked for. */
  readonly reasons?: ReasonSet
}

export type Note = Told & {
  /** Highest `at` of this note and all before it: a walk back in time may stop by it. */
  readonly newest: number
  /** The label of the same payment before this one. */
  readonly previous: Note | null
  /** A label of the same payment comes after it: it is reached from there. */
  followed: boolean
  /** The note before this one in the same place of the table. */
  below: Note | null
}

/** Notes of one kind in the order of the log. Labels are one kind, called FRAUD. */
type NoteList = {
  readonly kind: NoteKind
  readonly notes: Note[]
  /** The last note for each low half of an id's hash, which is keyed and so even; null while there are few. */
  table: Map<number, Note> | null
}

/** One list for each kind that there is. Most histories have none. */
export type Notes = readonly NoteList[]

export const noNotes: Notes = []

/** Up to here a search from the end is as fast as a table. */
const linearSearchUpTo = 32

const listKind = (kind: NoteKind): NoteKind => (kind === 'GENUINE' ? 'FRAUD' : kind)

const listOf = (notes: Notes, kind: NoteKind): NoteList | undefined => {
  for (const list of notes) if (list.kind === kind) return list
  return undefined
}

type Subject = Pick<Told, 'idLow' | 'idHigh' | 'tried'>

const sameSubject = (a: Subject, b: Subject): boolean =>
  a.idLow === b.idLow && a.idHigh === b.idHigh && a.tried === b.tried

const findLast = ({ notes, table }: NoteList, told: Subject): Note | null => {
  if (table === null) return notes.findLast((note) => sameSubject(told, note)) ?? null
  let note = table.get(told.idLow) ?? null
  while (note !== null && !sameSubject(told, note)) note = note.below
  return note
}

const enterTable = (table: Map<number, Note>, note: Note): void => {
  note.below = table.get(note.idLow) ?? null
  table.set(note.idLow, note)
}

const enter = (list: NoteList, note: Note): void => {
  list.notes.push(note)
  if (list.table !== null) return enterTable(list.table, note)
  if (list.notes.length <= linearSearchUpTo) return
  const table = new Map<number, Note>()
  for (const each of list.notes) enterTable(table, each)
  list.table = table
}

/** Whether an outcome or event was told before, or a label of the same kind and time. */
const isTold = (told: Told, last: Note | null): boolean => {
  if (last === null || (told.kind !== 'FRAUD' && told.kind !== 'GENUINE')) return last !== null
  for (let label: Note | null = last; label !== null; label = label.previous)
    if (label.kind === told.kind && label.knownAt === told.knownAt) return true
  return false
}

const addTo = (list: NoteList, told: Told): void => {
  const last = findLast(list, told)
  if (isTold(told, last)) return
  // One payment has one time, whatever its labels say: that of the first.
  const at = last === null ? told.at : last.at
  if (last !== null) last.followed = true
  enter(list, {
    kind: told.kind,
    at,
    knownAt: told.knownAt,
    position: told.position,
    idLow: told.idLow,
    idHigh: told.idHigh,
    tried: told.tried,
    reasons: told.reasons ?? 0,
    newest: Math.max(at, list.notes.at(-1)?.newest ?? at),
    previous: last,
    followed: false,
    below: null,
  })
}

/**
 * The notes with one more, which has to be told no earlier in the log than they are; what is told already is left out.
 * The lists are changed in place: an account may have a hundred thousand failed log-ins.
 */
export const addNote = (notes: Notes, told: Told): Notes => {
  const kind = listKind(told.kind)
  const held = listOf(notes, kind)
  const list = held ?? { kind, notes: [], table: null }
  addTo(list, told)
  return held === undefined ? [...notes, list] : notes
}

/** All notes, kind by kind, each in the order of the log. */
export const allNotes = (notes: Notes): readonly Note[] => notes.flatMap((list) => list.notes)

export const noteCount = (notes: Notes): number => {
  let count = 0
  for (const list of notes) count += list.notes.length
  return count
}

/** Highest `at` of all but labels; -Infinity if there is none. */
export const newestUnlabelled = (notes: Notes): number => {
  let newest = -Infinity
  for (const list of notes)
    if (list.kind !== 'FRAUD') newest = Math.max(newest, list.notes.at(-1)?.newest ?? -Infinity)
  return newest
}

/** Whether of some kind there are at least so many, and the first half of them are no newer than `oldest` (epoch ms). */
export const hasHalfOlder = (notes: Notes, atLeast: number, oldest: number): boolean => {
  for (const { notes: some } of notes)
    if (some.length >= atLeast && (some[some.length >> 1]?.newest ?? Infinity) <= oldest) return true
  return false
}

/** Heap of one note, its place in its list and in the table: measured, rounded up. */
const noteBytes = 250

/** Memory that they take, roughly. */
export const bytesOfNotes = (notes: Notes): number => noteCount(notes) * noteBytes

/** What a payment sees: the records before its own first one, as far as they were known at its time. */
export type Sight = { readonly before: number; readonly effectiveAt: number }

/** Epoch ms; a note at the start is outside, one at the end is inside. */
export type Span = { readonly start: number; readonly end: number }

const isSeen = (note: Note, { before, effectiveAt }: Sight): boolean =>
  note.position < before && note.knownAt <= effectiveAt

/** Whether the payment of a last label counts as fraud: what was known last is what it is. */
const isFraud = (last: Note, sight: Sight): boolean => {
  let known: Note | null = null
  for (let label: Note | null = last; label !== null; label = label.previous)
    if (isSeen(label, sight) && (known === null || label.knownAt > known.knownAt)) known = label
  return known?.kind === 'FRAUD'
}

/** Whether the last label of a payment leaves it a fraud, by all that is known. */
export const isFraudByAll = (last: Note): boolean =>
  !last.followed && isFraud(last, { before: Infinity, effectiveAt: Infinity })

const counts = (kind: NoteKind, note: Note, sight: Sight): boolean =>
  kind === 'FRAUD' ? !note.followed && isFraud(note, sight) : isSeen(note, sight)

const nothing: readonly Note[] = []
const notesOf = (notes: Notes, kind: NoteKind): readonly Note[] => listOf(notes, kind)?.notes ?? nothing

/** By the hash of a payment's id: whether what is known makes it a fraud. */
export const isKnownFraud = (notes: Notes, idLow: number, idHigh: number, sight: Sight): boolean => {
  const list = listOf(notes, 'FRAUD')
  if (list === undefined) return false
  const last = findLast(list, { idLow, idHigh, tried: 0 })
  return last !== null && isFraud(last, sight)
}

/** What is noted of that kind about one payment; null: nothing that is seen. */
export const noteAbout = (notes: Notes, kind: NoteKind, subject: Subject, sight: Sight): Note | null => {
  const list = listOf(notes, kind)
  const note = list === undefined ? null : findLast(list, subject)
  return note !== null && isSeen(note, sight) ? note : null
}

/** Those of that kind that are seen and lie in the span, the last told first. */
export const notesIn = (
  notes: Notes,
  kind: NoteKind,
  sight: Sight,
  { start, end }: Span,
): readonly Note[] => {
  const list = notesOf(notes, kind)
  const found: Note[] = []
  for (let index = list.length - 1; index >= 0; index--) {
    const note = list[index]
    if (note === undefined || note.newest <= start) break
    if (note.at > start && note.at <= end && isSeen(note, sight)) found.push(note)
  }
  return found.length === 0 ? nothing : found
}

/** Byte offset from which on the last of them was told; -1 if none is seen. */
export const latestPosition = (notes: Notes, kind: NoteKind, sight: Sight): number => {
  let latest = -1
  for (const note of notesOf(notes, kind))
    if (note.position > latest && isSeen(note, sight)) latest = note.position
  return latest
}

/** How many notes of that kind are seen and lie in the span. */
export const countNotes = (notes: Notes, kind: NoteKind, sight: Sight, { start, end }: Span): number => {
  const list = notesOf(notes, kind)
  let count = 0
  for (let index = list.length - 1; index >= 0; index--) {
    const note = list[index]
    if (note === undefined || note.newest <= start) break
    if (note.at > start && note.at <= end && counts(kind, note, sight)) count++
  }
  return count
}

/** Time of the latest of them; -Infinity if there is none. */
export const latestNote = (notes: Notes, kind: NoteKind, sight: Sight, { start, end }: Span): number => {
  const list = notesOf(notes, kind)
  let latest = -Infinity
  for (let index = list.length - 1; index >= 0; index--) {
    const note = list[index]
    if (note === undefined || note.newest <= Math.max(start, latest)) break
    if (note.at > Math.max(start, latest) && note.at <= end && counts(kind, note, sight)) latest = note.at
  }
  return latest
}
