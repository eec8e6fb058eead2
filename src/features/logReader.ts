import { accountEventKinds } from '../domain/accountEvent.ts'
import { SluiceError } from '../errors.ts'
import {
  allowedFromAt,
  amountsAt,
  blockedFromAt,
  entitiesAt,
  growColumns,
  idHighAt,
  idLowAt,
  neverTold,
  newestAt,
  placesAt,
  positionsAt,
  prefixBytes,
  timesAt,
  triesAt,
  type Columns,
} from './columns.ts'
import {
  anyContent,
  createIdentityTable,
  findLinear,
  linearSearchUpTo,
  tryOf,
  type IdentityTable,
  type Sought,
} from './identity.ts'
import { addNote, type NoteKind, type Notes } from './notes.ts'
import {
  entitySlots,
  eventRecordBytes,
  labelCodes,
  labelRecordBytes,
  outcomeCodes,
  outcomeRecordBytes,
  paymentRecordBytes,
  recordKinds,
  recordVersion,
  wordBytes,
} from './record.ts'

/** A history while it is being read. */
export type ReadLog = Columns & {
  byteLength: number
  /** Makes searching a long history fast; a short one needs none. */
  table: IdentityTable | null
  /** Outcomes whose payment has not come yet: for each what `readOutcome` needs, in a list of `waitingStride`; null: none. */
  waiting: number[] | null
  notes: Notes
}

const allowed = outcomeCodes.indexOf('ALLOW')
const stepUpPassed = outcomeCodes.indexOf('STEP_UP_PASSED')
const blocked = outcomeCodes.indexOf('BLOCK')
const declined = outcomeCodes.indexOf('DECLINED')
const stepUpFailed = outcomeCodes.indexOf('STEP_UP_FAILED')

const unreadable = (what: string, position: number): SluiceError =>
  new SluiceError(
    'HISTORY_FORMAT_UNKNOWN',
    `a history has ${what} at byte ${position}; a newer Sluice may have written it`,
  )

/** Index of the payment with that identity, or -1. */
export const findPayment = (log: ReadLog, sought: Sought): number =>
  log.table === null ? findLinear(log, sought) : log.table.find(log, sought)

const noteOf = (outcome: number): NoteKind | null => {
  if (outcome === blocked) return 'BLOCK'
  if (outcome === declined) return 'DECLINED'
  return outcome === stepUpFailed ? 'STEP_UP_FAILED' : null
}

const tell = (log: ReadLog, index: number, outcome: number, position: number): void => {
  const { words, capacity } = log
  if (outcome === allowed || outcome === stepUpPassed) {
    const at = allowedFromAt(capacity) + index
    if (position < (words[at] ?? 0)) words[at] = position
    return
  }
  const kind = noteOf(outcome)
  if (kind === null) return
  if (kind !== 'STEP_UP_FAILED') {
    const at = blockedFromAt(capacity) + index
    if (position < (words[at] ?? 0)) words[at] = position
  }
  const effectiveAt = log.doubles[timesAt(capacity) + index] ?? 0
  log.notes = addNote(log.notes, {
    kind,
    at: effectiveAt,
    knownAt: effectiveAt,
    position: Math.max(position, words[positionsAt(capacity) + index] ?? 0),
    idLow: words[idLowAt(capacity) + index] ?? 0,
    idHigh: words[idHighAt(capacity) + index] ?? 0,
    attempt: (words[triesAt(capacity) + index] ?? 0) >>> 16,
  })
}

/** A quarter more than needed: many histories are read once and seldom grow. */
const roomFor = (needed: number): number => Math.max(2, needed + (needed >> 2))

const reserve = (log: ReadLog, payments: number): void => {
  growColumns(log, payments)
  log.table = payments > linearSearchUpTo ? createIdentityTable(log) : null
}

/** The record that is being read: its log, where in the bytes it stands and where in the log. */
type Cursor = { readonly view: DataView; at: number; position: number }

/** Used again for each record: what it is the identity of. */
const sought = { idLow: 0, idHigh: 0, attempt: 0, content: 0 }

const seekRecord = ({ view, at }: Cursor, content: number): Sought => {
  sought.idLow = view.getUint32(at + 24, true)
  sought.idHigh = view.getUint32(at + 28, true)
  sought.attempt = view.getUint8(at + 3)
  sought.content = content
  return sought
}

const readPayment = (log: ReadLog, cursor: Cursor): void => {
  const { view, at, position } = cursor
  const content = view.getUint16(at + 4, true)
  if (findPayment(log, seekRecord(cursor, content)) >= 0) return
  const index = log.payments
  if (index === log.capacity) reserve(log, roomFor(index + 1))
  const { doubles, words, capacity } = log
  const effectiveAt = view.getFloat64(at + 16, true)
  const idLow = view.getUint32(at + 24, true)
  doubles[timesAt(capacity) + index] = effectiveAt
  const newest = newestAt(capacity) + index
  doubles[newest] = index === 0 ? effectiveAt : Math.max(doubles[newest - 1] ?? 0, effectiveAt)
  doubles[amountsAt(capacity) + index] = view.getFloat64(at + 32, true)
  words[positionsAt(capacity) + index] = position
  words[allowedFromAt(capacity) + index] = neverTold
  words[blockedFromAt(capacity) + index] = neverTold
  words[idLowAt(capacity) + index] = idLow
  words[idHighAt(capacity) + index] = view.getUint32(at + 28, true)
  words[triesAt(capacity) + index] = tryOf(view.getUint8(at + 3), content)
  words[placesAt(capacity) + index] = view.getUint32(at + 44, true)
  for (let slot = 0; slot < entitySlots; slot++)
    words[entitiesAt(capacity, slot) + index] = view.getUint32(at + 48 + slot * 4, true)
  log.payments = index + 1
  log.table?.add(idLow, index)
  tell(log, index, (view.getUint8(at + 2) >> 3) & 7, position)
  if (log.waiting !== null) tellWaiting(log, log.waiting, idLow)
}

/** idLow, idHigh, attempt, content, outcome, position. */
const waitingStride = 6

/** Whether a payment that has come now was waited for by the outcome at `at`, which it is then told. */
const tellOne = (log: ReadLog, waiting: readonly number[], at: number): boolean => {
  const [idLow = 0, idHigh = 0, attempt = 0, content = 0, outcome = 0, position = 0] = waiting.slice(
    at,
    at + waitingStride,
  )
  const index = findPayment(log, { idLow, idHigh, attempt, content })
  if (index >= 0) tell(log, index, outcome, position)
  return index >= 0
}

/** @param idLow of the payment that has come */
const tellWaiting = (log: ReadLog, waiting: number[], idLow: number): void => {
  let kept = 0
  for (let at = 0; at < waiting.length; at += waitingStride) {
    if (waiting[at] === idLow && tellOne(log, waiting, at)) continue
    if (kept < at) waiting.copyWithin(kept, at, at + waitingStride)
    kept += waitingStride
  }
  waiting.length = kept
  if (kept === 0) log.waiting = null
}

const readOutcome = (log: ReadLog, cursor: Cursor): void => {
  const { view, at, position } = cursor
  const content = view.getUint8(at + 6) === 1 ? view.getUint16(at + 4, true) : anyContent
  const outcome = view.getUint8(at + 2)
  const index = findPayment(log, seekRecord(cursor, content))
  if (index >= 0) return tell(log, index, outcome, position)
  log.waiting ??= []
  log.waiting.push(sought.idLow, sought.idHigh, sought.attempt, sought.content, outcome, position)
}

const readLabel = (log: ReadLog, { view, at, position }: Cursor): void => {
  const kind = labelCodes[view.getUint8(at + 2)]
  if (kind !== 'FRAUD' && kind !== 'GENUINE') return
  log.notes = addNote(log.notes, {
    kind,
    at: view.getFloat64(at + 32, true),
    knownAt: view.getFloat64(at + 16, true),
    position,
    idLow: view.getUint32(at + 24, true),
    idHigh: view.getUint32(at + 28, true),
    attempt: 0,
  })
}

const readEvent = (log: ReadLog, { view, at, position }: Cursor): void => {
  const kind = accountEventKinds[view.getUint8(at + 2)]
  if (kind === undefined || kind === 'UNKNOWN') return
  const effectiveAt = view.getFloat64(at + 16, true)
  log.notes = addNote(log.notes, {
    kind,
    at: effectiveAt,
    knownAt: effectiveAt,
    position,
    idLow: view.getUint32(at + 24, true),
    idHigh: view.getUint32(at + 28, true),
    attempt: 0,
  })
}

/** What reads a record of each kind, and the least bytes that it takes. */
const readers: ReadonlyMap<
  number,
  { readonly leastBytes: number; readonly read: (log: ReadLog, cursor: Cursor) => void }
> = new Map([
  [recordKinds.payment, { leastBytes: paymentRecordBytes, read: readPayment }],
  [recordKinds.outcome, { leastBytes: outcomeRecordBytes, read: readOutcome }],
  [recordKinds.label, { leastBytes: labelRecordBytes, read: readLabel }],
  [recordKinds.accountEvent, { leastBytes: eventRecordBytes, read: readEvent }],
])

const readRecord = (log: ReadLog, cursor: Cursor, tag: number, byteLength: number): void => {
  const kind = tag >>> 4
  const version = tag & 15
  const { position } = cursor
  if (kind === recordKinds.header) throw unreadable(`a header of version ${version}`, position)
  const reader = readers.get(kind)
  if (reader === undefined) return
  if (version !== recordVersion) throw unreadable(`a record of kind ${kind} and version ${version}`, position)
  if (byteLength < reader.leastBytes)
    throw unreadable(`a record of kind ${kind} and only ${byteLength} bytes`, position)
  reader.read(log, cursor)
}

/** How many records of payments there are: the most that the bytes can add. */
const countPayments = (view: DataView, from: number, to: number): number => {
  let count = 0
  for (let at = from; at + 1 < to;) {
    const words = view.getUint8(at + 1)
    if (words === 0) return count
    if (view.getUint8(at) >>> 4 === recordKinds.payment) count++
    at += words * wordBytes
  }
  return count
}

const keepPrefix = (log: ReadLog, view: DataView, from: number, to: number): void => {
  if (log.capacity === 0) reserve(log, countPayments(view, from, to) + 1)
  const kept = new Uint8Array(log.words.buffer, 0, prefixBytes)
  for (let at = log.byteLength; at < prefixBytes && from + at - log.byteLength < to; at++)
    kept[at] = view.getUint8(from + at - log.byteLength)
}

/** Reads whole records, from `from` to `to` in `view`, at the end of the log. @throws SluiceError HISTORY_FORMAT_UNKNOWN */
export const readRecords = (log: ReadLog, view: DataView, from: number, to: number): void => {
  if (log.byteLength < prefixBytes) keepPrefix(log, view, from, to)
  const cursor: Cursor = { view, at: from, position: log.byteLength }
  while (cursor.at < to) {
    const byteLength = view.getUint8(cursor.at + 1) * wordBytes
    if (byteLength === 0) throw unreadable('a record without length', cursor.position)
    if (cursor.at + byteLength > to) throw unreadable('a record that is cut short', cursor.position)
    readRecord(log, cursor, view.getUint8(cursor.at), byteLength)
    cursor.at += byteLength
    cursor.position += byteLength
    log.byteLength = cursor.position
  }
}
