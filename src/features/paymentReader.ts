import { paymentClasses } from './bucket.ts'
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
  timesAt,
  triesAt,
} from './columns.ts'
import { anyContent, createIdentityTable, linearSearchUpTo, tryOf, type Sought } from './identity.ts'
import { isLate, isRepeated, moveLate } from './lateOutcomes.ts'
import type { ReasonSet } from '../domain/reasonSet.ts'
import { addNote, isStepUpNote, type NoteKind } from './notes.ts'
import { findPayment, isFolded, type Cursor, type ReadLog } from './readLog.ts'
import { entitySlots, outcomeCodes, reasonsAt } from './record.ts'

const allowed = outcomeCodes.indexOf('ALLOW')
const steppedUp = outcomeCodes.indexOf('STEP_UP')
const stepUpPassed = outcomeCodes.indexOf('STEP_UP_PASSED')
const blocked = outcomeCodes.indexOf('BLOCK')
const declined = outcomeCodes.indexOf('DECLINED')
const stepUpFailed = outcomeCodes.indexOf('STEP_UP_FAILED')

const noteOf = (outcome: number, reasons: ReasonSet): NoteKind | null => {
  if (outcome === steppedUp) return reasons === 0 ? null : 'STEP_UP'
  if (outcome === stepUpPassed) return 'STEP_UP_PASSED'
  if (outcome === blocked) return 'BLOCK'
  if (outcome === declined) return 'DECLINED'
  return outcome === stepUpFailed ? 'STEP_UP_FAILED' : null
}

const tell = (
  log: ReadLog,
  index: number,
  outcome: number,
  position: number,
  reasons: ReasonSet = 0,
): void => {
  const { words, capacity } = log
  if (outcome === allowed || outcome === stepUpPassed) {
    const at = allowedFromAt(capacity) + index
    if (position < (words[at] ?? 0)) words[at] = position
  }
  const kind = noteOf(outcome, reasons)
  if (kind === null) return
  if (kind === 'BLOCK' || kind === 'DECLINED') {
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
    tried: words[triesAt(capacity) + index] ?? 0,
    reasons,
  })
}

/** Makes room for so many payments at least: for just as many at first, as many histories are read once and seldom grow. */
export const reserve = (log: ReadLog, payments: number): void => {
  growColumns(log, payments)
  log.table = log.capacity > linearSearchUpTo ? createIdentityTable(log) : null
}

/** Used again for each record: what it is the identity of. */
const sought = { idLow: 0, idHigh: 0, attempt: 0, content: 0 }

const seekRecord = ({ view, at }: Pick<Cursor, 'view' | 'at'>, content: number): Sought => {
  sought.idLow = view.getUint32(at + 24, true)
  sought.idHigh = view.getUint32(at + 28, true)
  sought.attempt = view.getUint8(at + 3)
  sought.content = content
  return sought
}

/** Which payment the outcome at `at` is about; used again by the next call. */
export const soughtBy = (view: DataView, at: number): Sought => {
  const content = view.getUint8(at + 6) === 1 ? view.getUint16(at + 4, true) : anyContent
  return seekRecord({ view, at }, content)
}

/** Takes a payment that is not there yet. */
export const readPayment = (log: ReadLog, cursor: Cursor): void => {
  const { view, at, position } = cursor
  const content = view.getUint16(at + 4, true)
  if (
    isFolded(log, cursor, view.getFloat64(at + 16, true)) ||
    findPayment(log, seekRecord(cursor, content)) >= 0
  )
    return
  const index = log.payments
  if (index === log.capacity) reserve(log, index + 1)
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

/** idLow, idHigh, attempt, content, outcome, position, reasons. */
const waitingStride = 7

export const countWaiting = (waiting: ReadLog['waiting']): number => (waiting?.length ?? 0) / waitingStride

/** Whether a payment that has come now was waited for by the outcome at `at`, which it is then told. */
const tellOne = (log: ReadLog, waiting: readonly number[], at: number): boolean => {
  const [idLow = 0, idHigh = 0, attempt = 0, content = 0, outcome = 0, position = 0, reasons = 0] =
    waiting.slice(at, at + waitingStride)
  const index = findPayment(log, { idLow, idHigh, attempt, content })
  if (index >= 0) tell(log, index, outcome, position, reasons)
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

const classTold = (outcome: number) => {
  if (outcome === allowed || outcome === stepUpPassed) return paymentClasses.allowed
  return outcome === blocked || outcome === declined ? paymentClasses.blocked : null
}

/** What became of a payment that is folded. */
const tellFolded = (log: ReadLog, cursor: Cursor, { idLow, idHigh, attempt, content }: Sought): void => {
  const { view, at, position } = cursor
  const outcome = view.getUint8(at + 2)
  moveLate(log, cursor, classTold(outcome))
  const kind = noteOf(outcome, 0)
  if (kind === null || isStepUpNote(kind)) return
  const paidAt = view.getFloat64(at + 16, true)
  const tried = tryOf(attempt, content === anyContent ? 0 : content)
  log.notes = addNote(log.notes, { kind, at: paidAt, knownAt: paidAt, position, idLow, idHigh, tried })
}

/** Takes what became of a payment; of one that has not come yet, it waits. */
export const readOutcome = (log: ReadLog, cursor: Cursor): void => {
  const { view, at, position } = cursor
  const outcome = view.getUint8(at + 2)
  const about = soughtBy(view, at)
  const index = findPayment(log, about)
  const reasons = reasonsAt(view, at)
  if (index >= 0) return tell(log, index, outcome, position, reasons)
  if (isLate(log, cursor)) {
    if (!isRepeated(log, cursor)) tellFolded(log, cursor, about)
    return
  }
  log.waiting ??= []
  log.waiting.push(about.idLow, about.idHigh, about.attempt, about.content, outcome, position, reasons)
}
