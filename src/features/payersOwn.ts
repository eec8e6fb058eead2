import { entityTypes } from '../domain/entity.ts'
import { amountsAt, entitiesAt, newestAt, positionsAt, timesAt } from './columns.ts'
import type { History } from './history.ts'
import type { Sight } from './notes.ts'

/** A fraud of more than this many times what else its payer pays here speaks of the payer's card, not of the entity. */
const unusualFrom = 3

const payerSlot = entityTypes.indexOf('account')

const medianOf = (amounts: readonly number[]): number => {
  const sorted = Float64Array.from(amounts).sort()
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? NaN, sorted[sorted.length >> 1] ?? NaN]
  return (low + high) / 2
}

/**
 * Whether a payment is far above the median of the other payments of its account in this history that are seen, from
 * `start` up to now. Where there are none, nothing says that it is. Null where an amount that is needed has no rate.
 */
export const isUnusualForPayer = (
  history: History,
  sight: Sight,
  start: number,
  fraud: { readonly index: number; readonly amount: number },
): boolean | null => {
  const { doubles, words, capacity } = history
  const [times, newest, amounts] = [timesAt(capacity), newestAt(capacity), amountsAt(capacity)]
  const [positions, payers] = [positionsAt(capacity), entitiesAt(capacity, payerSlot)]
  const payer = words[payers + fraud.index] ?? 0
  if (payer === 0) return false
  const others: number[] = []
  for (let index = history.payments - 1; index >= 0; index--) {
    if ((doubles[newest + index] ?? 0) <= start) break
    if (index === fraud.index || words[payers + index] !== payer) continue
    const at = doubles[times + index] ?? 0
    if (at <= start || at > sight.effectiveAt || (words[positions + index] ?? 0) >= sight.before) continue
    others.push(doubles[amounts + index] ?? 0)
  }
  if (others.length === 0) return false
  return [...others, fraud.amount].some(Number.isNaN) ? null : fraud.amount > unusualFrom * medianOf(others)
}
