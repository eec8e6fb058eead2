import { eachRecord } from './eachRecord.ts'
import { expiredUntil } from './expiry.ts'
import type { LivePayments } from './livePayments.ts'
import { recordKinds } from './record.ts'

/** An outcome whose payment has not come is waited for so long, and a payment whose outcome has not. */
export const outcomeWaitMs = 3_600_000

/** Of payments that nothing became of yet, and of outcomes whose payments have not come, so many times `keep` stay. */
export const openFactor = 8

const timed: readonly number[] = [recordKinds.payment, recordKinds.outcome, recordKinds.accountEvent]

/**
 * For each payment epoch ms before which it did not come: the newest time in the log up to it, but for what labels say.
 */
const cameAtOf = (view: DataView, { count, position }: LivePayments): Float64Array => {
  const cameAt = new Float64Array(count)
  let newest = -Infinity
  let index = 0
  eachRecord(view, (from, _to, kind) => {
    if (timed.includes(kind)) newest = Math.max(newest, view.getFloat64(from + 16, true))
    if (index < count && position(index) === from) cameAt[index++] = newest
  })
  return cameAt
}

/** The first payment that nothing became of, and that came so late that something still may; -1: there is none. */
const firstOpen = (view: DataView, payments: LivePayments, since: number): number => {
  const cameAt = cameAtOf(view, payments)
  for (let index = 0; index < payments.count; index++)
    if (payments.isOpen(index) && (cameAt[index] ?? -Infinity) > since) return index
  return -1
}

/** Payments that nothing became of yet stay for a while, as long as they are not too many. */
const keptFrom = (view: DataView, payments: LivePayments, keep: number, newest: number): number => {
  const split = Math.max(0, payments.count - keep)
  const open = firstOpen(view, payments, newest - outcomeWaitMs)
  return open < 0 ? split : Math.min(split, Math.max(open, payments.count - openFactor * keep))
}

/** How many payments at the beginning lie in no window any more. */
const expiredCount = ({ count, at }: LivePayments, oldest: number): number => {
  for (let index = 0; index < count; index++) if (at(index) > oldest) return index
  return count
}

/** Number of the first payment that stays. @param newest epoch ms of all that is known, what is folded included */
export const splitAt = (
  view: DataView,
  payments: LivePayments,
  newest: number,
  { keep, retentionMs }: { readonly keep: number; readonly retentionMs: number },
): number =>
  Math.max(keptFrom(view, payments, keep, newest), expiredCount(payments, expiredUntil(newest, retentionMs)))
