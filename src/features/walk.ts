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
import { addAmount, countRecord, cumulate, emptyTallies, tallyStride } from './tally.ts'

/**
 * What is added up over one entity's history, or over those of its records that share a second entity (a pair).
 * The sums are used again for every payment.
 */
export type Group = {
  /** Slot of the second entity; -1: all records count. */
  readonly partner: number
  /** Its windows end so long before the payment, which is then in none of them. */
  readonly delayMs: number
  /** Shortest first. */
  readonly windowsMs: Float64Array
  /** Whether amounts and outcomes are asked for, and then mean and spread. */
  readonly amounts: boolean
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
  delayMs: number,
  windowsMs: readonly number[],
  needs: { readonly amounts: boolean; readonly deviations: boolean },
  distinctSlots: readonly number[],
): Group => ({
  partner,
  delayMs,
  windowsMs: Float64Array.from(windowsMs).toSorted(),
  amounts: needs.amounts,
  deviations: needs.deviations,
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
    group.starts[window] = received.effectiveAt - group.delayMs - (group.windowsMs[window] ?? 0)
  }
  for (const { slot, counter } of group.counters) {
    counter.begin()
    const own = hashes.entities[slot] ?? 0
    if (own !== 0 && group.delayMs === 0) counter.see(own, 0)
  }
}

const end = (group: Group): void => {
  cumulate(group.cells, group.deviations)
  for (const { counter } of group.counters) counter.end()
}

/** Adds up the records before index `upTo` for one group; each goes into the shortest window that holds it. */
const collect = (group: Group, { history, before }: HistoryView, upTo: number, recalled: Recalled): void => {
  const { doubles, words, capacity } = history
  const [times, newest, amounts] = [timesAt(capacity), newestAt(capacity), amountsAt(capacity)]
  const [allowedFrom, blockedFrom] = [allowedFromAt(capacity), blockedFromAt(capacity)]
  const { starts, partner, partnerHash, cells, counters } = group
  const end = recalled.received.effectiveAt - group.delayMs
  const start = starts.at(-1) ?? end
  const partners = partner < 0 ? -1 : entitiesAt(capacity, partner)
  for (let index = upTo - 1; index >= 0; index--) {
    if (partners >= 0 && words[partners + index] !== partnerHash) continue
    if ((doubles[newest + index] ?? 0) <= start) return
    const recordAt = doubles[times + index] ?? 0
    if (recordAt > end || recordAt <= start) continue
    let window = 0
    while (recordAt <= (starts[window] ?? -Infinity)) window++
    if (group.amounts) {
      addAmount(
        cells,
        window * tallyStride,
        doubles[amounts + index] ?? 0,
        recalled.amountBase,
        (words[allowedFrom + index] ?? 0) < before && (words[blockedFrom + index] ?? 0) >= before,
        group.deviations,
      )
    }
    countRecord(cells, window * tallyStride, recordAt)
    for (const { slot, counter } of counters) {
      const hash = words[entitiesAt(capacity, slot) + index] ?? 0
      if (hash !== 0) counter.see(hash, window)
    }
  }
}

/**
 * A walk for each group, from the newest record that the payment sees back to the start of the group's longest window:
 * a record is in a window of length W with a delay D if its effectiveAt lies in (t - D - W, t - D].
 */
export const walk = (groups: readonly Group[], view: HistoryView, recalled: Recalled): void => {
  const { history, before } = view
  const positions = positionsAt(history.capacity)
  let upTo = history.payments
  while (upTo > 0 && (history.words[positions + upTo - 1] ?? 0) >= before) upTo--
  for (const group of groups) {
    begin(group, recalled)
    if (group.partner < 0 || group.partnerHash !== 0) collect(group, view, upTo, recalled)
    end(group)
  }
}
