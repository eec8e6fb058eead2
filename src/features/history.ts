import { emptyColumns, positionsAt, prefixBytes, type Columns } from './columns.ts'
import type { Folded } from './folded.ts'
import { readRecords } from './logReader.ts'
import { noNotes, type Notes } from './notes.ts'
import { countWaiting } from './paymentReader.ts'
import { findPayment, type ReadLog } from './readLog.ts'
import type { RecordIdentity } from './record.ts'

/**
 * One entity's log in memory: of each different payment in it where it stands, what it was and what became of it.
 * A repeated payment is in the log but not among the payments.
 */
export type History = Readonly<Columns> & {
  /** Length of the log in bytes. */
  readonly byteLength: number
  readonly notes: Notes
  /** What stands for the older part of a log that was folded; null where all of it is there. */
  readonly folded: Folded | null
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength)

/** A history of what `initialBytes` hold; throws what `appendTo` throws. */
export const createHistory = (initialBytes?: Uint8Array): History => {
  const log: ReadLog = {
    byteLength: 0,
    payments: 0,
    capacity: 0,
    doubles: emptyColumns.doubles,
    words: emptyColumns.words,
    table: null,
    waiting: null,
    notes: noNotes,
    folded: null,
    late: null,
    left: null,
  }
  if (initialBytes !== undefined) appendTo(log, initialBytes)
  return log
}

/**
 * Reads whole records at the end of the log.
 * Throws HISTORY_FORMAT_UNKNOWN at a record that this build must understand and does not, or that is cut; the history
 * is of no use then.
 */
export const appendTo = (history: History, bytes: Uint8Array): void => {
  if (bytes.byteLength > 0) readRecords(history as ReadLog, viewOf(bytes), 0, bytes.byteLength)
}

/** The same for what stands from `from` to `to` in `view`. */
export const appendFrom = (history: History, view: DataView, from: number, to: number): void =>
  readRecords(history as ReadLog, view, from, to)

/** How many outcomes wait for payments that have not come, or are folded. */
export const waitingCount = (history: History): number => countWaiting((history as ReadLog).waiting)

/** How many payments are folded whose outcome came afterwards, since the last fold. */
export const lateCount = (history: History): number => (history as ReadLog).late?.size ?? 0

/** Where the payment's first record begins, or -1. */
export const firstPosition = (history: History, identity: RecordIdentity): number => {
  const index = findPayment(history as ReadLog, identity)
  return index < 0 ? -1 : (history.words[positionsAt(history.capacity) + index] ?? -1)
}

/** Whether the log begins with these bytes, as far as its beginning is kept. */
export const beginsWith = ({ words }: History, prefix: Uint8Array): boolean => {
  const kept = new Uint8Array(words.buffer, 0, Math.min(prefixBytes, prefix.byteLength))
  return kept.every((byte, index) => byte === prefix[index])
}
