import { createAmountLists, type AmountLists } from './amountLists.ts'
import { createDistinctCounter, type DistinctCounter } from './distinct.ts'
import type { Recalled } from './recalled.ts'
import { cumulate, emptyTallies, tally, tallyStride } from './tally.ts'

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
  /** Whether it is asked how many were at night. */
  readonly nights: boolean
  /** Allowed amounts one by one, where a median is asked for. */
  readonly lists: AmountLists | null
  /** One tally for each window, and the same without records. */
  readonly cells: Float64Array
  readonly blank: Float64Array
  /** For each slot whose different hashes are asked for. */
  readonly counters: readonly { readonly slot: number; readonly counter: DistinctCounter }[]
  /** Start of each window for the payment at hand. */
  readonly starts: Float64Array
  /** Hash of that payment's own second entity; 0: it has none. */
  partnerHash: number
  /** From this window on only the number of records is known, not what each of them was. */
  countedFrom: number
}

export const createGroup = (
  partner: number,
  delayMs: number,
  windowsMs: readonly number[],
  needs: Pick<Group, 'amounts' | 'deviations' | 'nights'> & { readonly medians: boolean },
  distinctSlots: readonly number[],
): Group => ({
  partner,
  delayMs,
  windowsMs: Float64Array.from(windowsMs).toSorted(),
  amounts: needs.amounts,
  deviations: needs.deviations,
  nights: needs.nights,
  lists: needs.medians ? createAmountLists(windowsMs.length) : null,
  cells: emptyTallies(windowsMs.length),
  blank: emptyTallies(windowsMs.length),
  counters: distinctSlots.map((slot) => ({ slot, counter: createDistinctCounter(windowsMs.length) })),
  starts: new Float64Array(windowsMs.length),
  partnerHash: 0,
  countedFrom: Infinity,
})

/** Makes the group ready for a payment. */
export const beginGroup = (group: Group, { received, hashes }: Recalled): void => {
  group.cells.set(group.blank)
  group.lists?.begin()
  group.countedFrom = Infinity
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

/** Lets every window take in the shorter ones. */
export const endGroup = (group: Group): void => {
  const { cells, counters, delayMs } = group
  cumulate(cells, group.deviations)
  const own = delayMs === 0 ? 1 : 0
  for (const { counter } of counters)
    counter.end((window) => (cells[window * tallyStride + tally.count] ?? 0) + own)
}
