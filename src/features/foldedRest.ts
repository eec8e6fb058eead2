import { accountEventKinds } from '../domain/accountEvent.ts'
import { eachRecord } from './eachRecord.ts'
import { foldedOffsetKeys } from './folded.ts'
import { isLate } from './lateOutcomes.ts'
import { openFactor, outcomeWaitMs } from './foldSplit.ts'
import type { LivePayments } from './livePayments.ts'
import { soughtBy } from './paymentReader.ts'
import { findPayment, offsetAt, type ReadLog } from './readLog.ts'
import { labelCodes, recordKinds } from './record.ts'

/** What a fold leaves as it stands, and of what goes the highest offsets by which it is known when it comes again. */
export type Rest = {
  readonly bytes: Uint8Array
  readonly offsets: Map<number, number>
  /** Newest time that a note states which goes, epoch ms: not all labels of a payment need to state the same. */
  readonly notedUntil: number
}

export type RestDeps = {
  readonly log: ReadLog
  readonly view: DataView
  readonly payments: LivePayments
  /** Number of the first payment that stays. */
  readonly split: number
  /** Positions of labels and events that stay, and of all notes that go. */
  readonly kept: ReadonlySet<number>
  readonly gone: ReadonlySet<number>
  /** Epoch ms of the newest that is known. */
  readonly newest: number
  /** How many payments stay. */
  readonly keep: number
}

/**
 * From where on outcomes stay whose payments have not come: the newest ones, as each of those whose payment is folded
 * would wait in vain.
 */
const waitingFrom = ({ log, view, newest, keep }: RestDeps): ((from: number) => boolean) => {
  const waiting: number[] = []
  eachRecord(view, (from, _to, kind) => {
    if (kind !== recordKinds.outcome || view.getFloat64(from + 16, true) <= newest - outcomeWaitMs) return
    if (isLate(log, { view, at: from, position: from })) return
    if (findPayment(log, soughtBy(view, from)) < 0) waiting.push(from)
  })
  const stay = new Set(waiting.slice(-openFactor * keep))
  return (from) => stay.has(from)
}

/** Whether a record stays: payments at their first, with their outcomes, notes, and what this build does not know. */
const staying = (deps: RestDeps): ((from: number, kind: number) => boolean) => {
  const { log, view, payments, split, kept } = deps
  const waits = waitingFrom(deps)
  let next = split
  return (from, kind) => {
    switch (kind) {
      case recordKinds.payment: {
        const stays = next < payments.count && payments.position(next) === from
        if (stays) next++
        return stays
      }
      case recordKinds.outcome: {
        const index = findPayment(log, soughtBy(view, from))
        return index < 0 ? waits(from) : index >= split
      }
      case recordKinds.label:
        return kept.has(from) || view.getUint8(from + 2) >= labelCodes.length
      case recordKinds.accountEvent:
        return kept.has(from) || view.getUint8(from + 2) >= accountEventKinds.length
      case recordKinds.header:
      case recordKinds.bucket:
      case recordKinds.lastSeen:
      case recordKinds.foldedOffset:
        return false
      default:
        return true
    }
  }
}

/** When a record says that it was, epoch ms. */
const statedAt = (view: DataView, from: number, kind: number): number =>
  view.getFloat64(from + (kind === recordKinds.label ? 32 : 16), true)

export const restOf = (deps: RestDeps, bytes: Uint8Array): Rest => {
  const { log, view, gone } = deps
  const stays = staying(deps)
  const offsets = new Map(log.folded?.offsets)
  const parts: Uint8Array[] = []
  let notedUntil = -Infinity
  let begun = -1
  const endRun = (to: number): void => {
    if (begun >= 0) parts.push(bytes.subarray(begun, to))
    begun = -1
  }
  eachRecord(view, (from, _to, kind) => {
    if (stays(from, kind)) {
      if (begun < 0) begun = from
      return
    }
    endRun(from)
    if (gone.has(from)) notedUntil = Math.max(notedUntil, statedAt(view, from, kind))
    for (const key of foldedOffsetKeys(view, from))
      offsets.set(key, Math.max(offsets.get(key) ?? -1, offsetAt(view, from)))
  })
  endRun(bytes.byteLength)
  return { bytes: Buffer.concat(parts), offsets, notedUntil }
}
