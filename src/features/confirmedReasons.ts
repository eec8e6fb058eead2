import { unionOf, type ReasonSet } from '../domain/reasonSet.ts'
import { entityTypes } from '../domain/entity.ts'
import { amountsAt, entitiesAt } from './columns.ts'
import type { History } from './history.ts'
import { triedOf } from './identity.ts'
import type { ConfirmedRead } from './noteMeasures.ts'
import type { NoteReading } from './noteRead.ts'
import { isKnownFraud, latestPosition, noteAbout, notesIn, type Note, type Sight } from './notes.ts'
import { findPayment, type ReadLog } from './readLog.ts'
import type { HistoryView, Recalled } from './recalled.ts'

/** What must be the same, or missing both times. The address that a payment comes from changes of itself. */
const sameSlots = (['card', 'device', 'payee', 'merchant'] as const).map((type) => entityTypes.indexOf(type))
const receivers = (['payee', 'merchant'] as const).map((type) => entityTypes.indexOf(type))

const placeOf = (history: History, { idLow, idHigh, tried }: Note): number =>
  findPayment(history as ReadLog, { idLow, idHigh, ...triedOf(tried) })

/** Whether the payment names the same card, device and receiver as an earlier one, and no larger amount. */
const asksNoMore = ({ words, doubles, capacity }: History, index: number, own: Recalled): boolean =>
  own.amountBase <= (doubles[amountsAt(capacity) + index] ?? NaN) &&
  sameSlots.every((slot) => words[entitiesAt(capacity, slot) + index] === (own.hashes.entities[slot] ?? 0))

const namesReceiver = ({ hashes }: Recalled): boolean =>
  receivers.some((slot) => (hashes.entities[slot] ?? 0) !== 0)

const isEarlierAttempt = ({ hashes, received }: Recalled, note: Note): boolean =>
  note.idLow === hashes.idLow &&
  note.idHigh === hashes.idHigh &&
  triedOf(note.tried).attempt < received.payment.attempt

/**
 * The reasons that passed step-ups have settled for a payment: those of each earlier payment of the account whose
 * step-up was passed in the window, that asks no less than this one, that is not known to be fraud, and after which no
 * step-up of the account failed. Only payments that are still told apart can say so.
 */
export const confirmedReading = (reads: ConfirmedRead, windowMs: number, delayMs: number): NoteReading => {
  const settles = (own: Recalled, history: History, index: number, note: Note): boolean => {
    if (reads === 'attemptConfirmed' && !isEarlierAttempt(own, note)) return false
    return asksNoMore(history, index, own)
  }

  const passedIn = ({ received: { effectiveAt } }: Recalled, { history, before }: HistoryView) => {
    const end = effectiveAt - delayMs
    return notesIn(history.notes, 'STEP_UP_PASSED', { before, effectiveAt }, { start: end - windowMs, end })
  }

  const setOf = (own: Recalled, view: HistoryView): ReasonSet => {
    const { history, before } = view
    const { notes } = history
    const sight: Sight = { before, effectiveAt: own.received.effectiveAt }
    const passed = passedIn(own, view)
    if (passed.length === 0 || (reads === 'confirmed' && !namesReceiver(own))) return 0
    const failedAt = latestPosition(notes, 'STEP_UP_FAILED', sight)
    let set = 0
    for (const note of passed) {
      if (note.position < failedAt || isKnownFraud(notes, note.idLow, note.idHigh, sight)) continue
      const index = placeOf(history, note)
      if (index < 0 || !settles(own, history, index, note)) continue
      set = unionOf(set, noteAbout(notes, 'STEP_UP', note, sight)?.reasons ?? 0)
    }
    return set
  }

  /** Whether what is folded reaches into the window: who passed there is not known any more. */
  const isFolded = ({ received }: Recalled, { history }: HistoryView): boolean =>
    history.folded !== null && history.folded.paidUntil > received.effectiveAt - delayMs - windowMs

  return {
    read: (own, view) => {
      const set = setOf(own, view)
      return set === 0 && isFolded(own, view) ? NaN : set
    },
    // What is known to be settled is, whatever else may have been.
    certain: (_coveredSince, own, view) => setOf(own, view) > 0,
    lacksRate: (own, view) => Number.isNaN(own.amountBase) && passedIn(own, view).length > 0,
  }
}
