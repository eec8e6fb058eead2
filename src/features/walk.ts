import {
  allowedFromAt,
  amountsAt,
  blockedFromAt,
  entitiesAt,
  newestAt,
  positionsAt,
  timesAt,
} from './columns.ts'
import { createDistinctCounter, type DistinctCounter } from './distinct.ts'
import type { HistoryView, Recalled } from './recalled.ts'
import { addRecord, cumulate, emptyTallies, tallyStride } from './tally.ts'

/**
 * What is added up over one entity's history, or over those of its records that share a second entity (a pair).
 * The sums are used again for every payment.
 */
export type Group = {
  /** Slot of the second entity; -1: all records count. */
  readonly partner: number
  /** Shortest first. */
  readonly windowsMs: Float64Array
  readonly deviations: boolean
  /** One tally for each window, and the same without records. */
  readonly cells: Float64Array
  readonly blank: Float64Array
  /** For each slot whose different hashes are asked for. */
  readonly counters: readonly { readonly slot: number; readonly counter: DistinctCounter }[]
  /** Start of each window for the payment at hand. */
  readonly starts: Float64Array
  /** Hash of that payment's own second entity; 0: it has none. */
  partnerHash: number
}

export const createGroup = (
  partner: number,
  windowsMs: readonly number[],
  deviations: boolean,
  distinctSlots: readonly number[],
): Group => ({
  partner,
  windowsMs: Float64Array.from(windowsMs).toSorted(),
  deviations,
  cells: emptyTallies(windowsMs.length),
  blank: emptyTallies(windowsMs.length),
  counters: distinctSlots.map((slot) => ({ slot, counter: createDistinctCounter(windowsMs.length) })),
  starts: new Float64Array(windowsMs.length),
  partnerHash: 0,
})

const begin = (group: Group, { received, hashes }: Recalled): void => {
  group.cells.set(group.blank)
  group.partnerHash = group.partner < 0 ? 0 : (hashes.entities[group.partner] ?? 0)
  for (let window = 0; window < group.starts.length; window++) {
    group.starts[window] = received.effectiveAt - (group.windowsMs[window] ?? 0)
  }
  for (const { slot, counter } of group.counters) {
    counter.begin()
    const own = hashes.entities[slot] ?? 0
    if (own !== 0) counter.see(own, 0)
  }
}

const end = (group: Group): void => {
  cumulate(group.cells, group.deviations)
  for (const { counter } of group.counters) counter.end()
}

/**
 * One walk from the newest record that the payment sees back to the start of the longest window, for all groups:
 * a record is in a window of length W if its effectiveAt lies in (t - W, t]. Each goes into the shortest that holds it.
 */
export const walk = (
  groups: readonly Group[],
  longestMs: number,
  { history, before }: HistoryView,
  recalled: Recalled,
): void => {
  const { doubles, words, capacity } = history
  const [times, newest, amounts] = [timesAt(capacity), newestAt(capacity), amountsAt(capacity)]
  const positions = positionsAt(capacity)
  const [allowedFrom, blockedFrom] = [allowedFromAt(capacity), blockedFromAt(capacity)]
  const { effectiveAt } = recalled.received
  const start = effectiveAt - longestMs
  for (const group of groups) begin(group, recalled)
  let index = history.payments - 1
  while (index >= 0 && (words[positions + index] ?? 0) >= before) index--
  for (; index >= 0 && (doubles[newest + index] ?? 0) > start; index--) {
    const recordAt = doubles[times + index] ?? 0
    if (recordAt > effectiveAt || recordAt <= start) continue
    for (const group of groups) {
      const { starts, partner } = group
      if (partner >= 0 && words[entitiesAt(capacity, partner) + index] !== group.partnerHash) continue
      let window = 0
      while (window < starts.length && recordAt <= (starts[window] ?? 0)) window++
      if (window === starts.length) continue
      addRecord(
        group.cells,
        window * tallyStride,
        doubles[amounts + index] ?? 0,
        recalled.amountBase,
        recordAt,
        (words[allowedFrom + index] ?? 0) < before && (words[blockedFrom + index] ?? 0) >= before,
        group.deviations,
      )
      for (const { slot, counter } of group.counters) {
        const hash = words[entitiesAt(capacity, slot) + index] ?? 0
        if (hash !== 0) counter.see(hash, window)
      }
    }
  }
  for (const group of groups) end(group)
}
