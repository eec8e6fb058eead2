import {
  allowedFromAt,
  amountsAt,
  blockedFromAt,
  entitiesAt,
  newestAt,
  positionsAt,
  timesAt,
} from './columns.ts'
import { addFolded, windowOf } from './foldedWalk.ts'
import type { HistoryView, Recalled } from './recalled.ts'
import { beginGroup, endGroup, type Group } from './group.ts'
import { addAmount, countNight, countRecords, tallyStride } from './tally.ts'

/**
 * Adds up the records before index `upTo` for one group; each goes into the shortest window that holds it. Neighbours
 * mostly lie in the same window: how many they are and from when to when is added up beside the cells, which a hot
 * entity would otherwise read and write for each of its hundreds of records.
 */
const collect = (group: Group, { history, before }: HistoryView, upTo: number, recalled: Recalled): void => {
  const { doubles, words, capacity } = history
  const [times, newest, amounts] = [timesAt(capacity), newestAt(capacity), amountsAt(capacity)]
  const [allowedFrom, blockedFrom] = [allowedFromAt(capacity), blockedFromAt(capacity)]
  const { starts, partner, partnerHash, cells, counters, nights } = group
  const end = recalled.received.effectiveAt - group.delayMs
  const start = starts.at(-1) ?? end
  const partners = partner < 0 ? -1 : entitiesAt(capacity, partner)
  let window = 0
  let windowStart = starts[0] ?? end
  let windowEnd = end
  let [count, latest, earliest] = [0, -Infinity, Infinity]
  for (let index = upTo - 1; index >= 0; index--) {
    if (partners >= 0 && words[partners + index] !== partnerHash) continue
    if ((doubles[newest + index] ?? 0) <= start) break
    const recordAt = doubles[times + index] ?? 0
    if (recordAt > end || recordAt <= start) continue
    if (recordAt > windowEnd || recordAt <= windowStart) {
      if (count > 0) countRecords(cells, window * tallyStride, count, latest, earliest)
      count = 0
      latest = -Infinity
      earliest = Infinity
      window = windowOf(group, recordAt)
      windowStart = starts[window] ?? end
      windowEnd = window === 0 ? end : (starts[window - 1] ?? end)
    }
    if (group.amounts) {
      const amount = doubles[amounts + index] ?? 0
      const allowed =
        (words[allowedFrom + index] ?? 0) < before && (words[blockedFrom + index] ?? 0) >= before
      addAmount(cells, window * tallyStride, count, amount, recalled.amountBase, allowed, group.deviations)
      if (allowed) group.lists?.add(window, amount)
    }
    count++
    if (recordAt > latest) latest = recordAt
    if (recordAt < earliest) earliest = recordAt
    if (nights) countNight(cells, window * tallyStride, recordAt)
    for (let i = 0; i < counters.length; i++) {
      const each = counters[i]
      if (each === undefined) break
      const hash = words[entitiesAt(capacity, each.slot) + index] ?? 0
      if (hash !== 0) each.counter.see(hash, window)
    }
  }
  if (count > 0) countRecords(cells, window * tallyStride, count, latest, earliest)
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
    beginGroup(group, recalled)
    if (group.partner < 0 || group.partnerHash !== 0) {
      collect(group, view, upTo, recalled)
      if (history.folded !== null && history.folded.paidUntil > (group.starts.at(-1) ?? Infinity))
        addFolded(group, history.folded, recalled.received.effectiveAt - group.delayMs)
    }
    endGroup(group)
  }
}
