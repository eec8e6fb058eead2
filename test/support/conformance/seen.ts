import type { SlotView } from '../../../src/features/recalled.ts'
import { allowedFromOf, amountsOf, blockedFromOf, positionsOf, timesOf } from '../columns.ts'

/** What a payment sees of one earlier payment of an entity. */
export type Seen = {
  readonly at: number
  readonly amount: number
  readonly allowed: boolean
  readonly blocked: boolean
}

/** Reads a view through the columns of a history, as the measures do. */
export const seen = (view: SlotView | undefined): readonly Seen[] | 'unknown' | null => {
  if (view === undefined || view === null || view === 'unknown') return view ?? null
  const { history, before } = view
  const [times, amounts] = [timesOf(history), amountsOf(history)]
  const [allowedFrom, blockedFrom] = [allowedFromOf(history), blockedFromOf(history)]
  return positionsOf(history)
    .filter((position) => position < before)
    .map((_, i) => ({
      at: times[i] ?? NaN,
      amount: amounts[i] ?? NaN,
      allowed: (allowedFrom[i] ?? 0) < before,
      blocked: (blockedFrom[i] ?? 0) < before,
    }))
}
