import { newestAt } from './columns.ts'
import type { History } from './history.ts'
import { hasHalfOlder, newestUnlabelled } from './notes.ts'

/** Payments may come so late, and their windows still miss nothing. */
const latenessMs = 86_400_000

/** Fewer records than this are not worth a fold. */
const worthWhile = 32

/** Epoch ms of the newest payment or event. Labels do not count: their times are what somebody has said. */
export const newestOf = ({ doubles, capacity, payments, notes }: History): number =>
  Math.max(
    payments === 0 ? -Infinity : (doubles[newestAt(capacity) + payments - 1] ?? -Infinity),
    newestUnlabelled(notes),
  )

/** Epoch ms: what is no newer lies in no window any more. */
export const expiredUntil = (newest: number, retentionMs: number): number => newest - retentionMs - latenessMs

/**
 * Whether half of the payments, or of the notes of one kind, lie in no window any more. An entity that never has many
 * payments would otherwise keep what is years old; folding at half costs each record about two folds.
 */
export const isHalfExpired = (history: History, retentionMs: number): boolean => {
  const { doubles, capacity, payments, notes } = history
  const oldest = expiredUntil(newestOf(history), retentionMs)
  const halfOfPayments = doubles[newestAt(capacity) + (payments >> 1)] ?? Infinity
  return (payments >= worthWhile && halfOfPayments <= oldest) || hasHalfOlder(notes, worthWhile, oldest)
}
