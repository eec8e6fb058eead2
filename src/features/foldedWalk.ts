import { isAllowedClass } from './bucket.ts'
import { bucketCell, bucketStride } from './buckets.ts'
import type { Folded } from './folded.ts'
import { findSeen, seenAt, seenCell, seenStride, type LastSeen } from './lastSeen.ts'
import { addBucketAmounts, countBucket, tally, tallyStride } from './tally.ts'
import type { Group } from './group.ts'

/** Where a bucket counts as standing: a window holds all of it or nothing. */
export const placeOf = (from: number, to: number): number => from + (to - from) / 2

/** The shortest window that holds what was then, epoch ms and no later than their end; their number: none does. */
export const windowOf = ({ starts }: Group, at: number): number => {
  let window = 0
  while (window < starts.length && at <= (starts[window] ?? 0)) window++
  return window
}

/** Said as the latest time: there was one, and nobody knows when the latest was. */
const someTime = Infinity
/** Said as the earliest time: there may have been earlier ones. */
const maybeEarlier = -Infinity

const raiseLatest = (cells: Float64Array, window: number, latest: number): void => {
  const at = window * tallyStride + tally.latest
  cells[at] = Math.max(cells[at] ?? -Infinity, latest)
}

const addBuckets = (group: Group, { buckets: { cells: bucket, count } }: Folded, end: number): void => {
  const { starts, cells } = group
  const first = starts.at(-1) ?? Infinity
  for (let row = 0; row < count * bucketStride; row += bucketStride) {
    const of = bucket[row + bucketCell.of] ?? NaN
    const from = bucket[row + bucketCell.from] ?? NaN
    const to = bucket[row + bucketCell.to] ?? NaN
    if (of < 0 || from > end) continue
    const at = placeOf(from, to)
    if (Math.min(at, end) <= first) continue
    const window = windowOf(group, Math.min(at, end))
    const latest = to > end ? someTime : to
    if (at > end) {
      raiseLatest(cells, window, latest)
      continue
    }
    const tallyAt = window * tallyStride
    if (group.amounts) addBucketAmounts(cells, tallyAt, bucket, row, isAllowedClass(of), group.deviations)
    countBucket(cells, tallyAt, bucket, row, Math.max(from, starts[window] ?? -Infinity), latest)
  }
}

/** How often a pair was met is known for windows that hold all of its meetings; that it was met, always. */
const addMeeting = (group: Group, seen: LastSeen, end: number): void => {
  const window = windowOf(group, Math.min(seen.last, end))
  if (window === group.starts.length) return
  const start = group.starts[window] ?? -Infinity
  const { cells } = group
  const at = window * tallyStride
  const isWhole = seen.first > start && seen.last <= end
  group.countedFrom = Math.min(group.countedFrom, window)
  cells[at + tally.count] = isWhole ? (cells[at + tally.count] ?? 0) + seen.count : NaN
  cells[at + tally.earliest] = Math.min(cells[at + tally.earliest] ?? Infinity, Math.max(seen.first, start))
  raiseLatest(cells, window, seen.last > end ? someTime : seen.last)
}

const latestIn = ({ cells, starts }: Group): number =>
  starts.reduce(
    (latest, _, window) => Math.max(latest, cells[window * tallyStride + tally.latest] ?? latest),
    -Infinity,
  )

/** The pair may have been met, and forgotten, until then: also one that was met again. */
const addForgotten = (group: Group, until: number, end: number): void => {
  const window = windowOf(group, Math.min(until, end))
  if (window === group.starts.length) return
  const { cells } = group
  const at = window * tallyStride
  const latest = latestIn(group)
  group.countedFrom = Math.min(group.countedFrom, window)
  cells[at + tally.count] = NaN
  cells[at + tally.earliest] = maybeEarlier
  if (latest > -Infinity && latest < until) raiseLatest(cells, window, someTime)
}

const addPair = (group: Group, { lastSeen, forgottenUntil }: Folded, end: number): void => {
  const { partner, partnerHash } = group
  const found = findSeen(lastSeen, partner, partnerHash)
  if (found >= 0) {
    const met = seenAt(lastSeen, found)
    if (met.first <= end) addMeeting(group, met, end)
  }
  addForgotten(group, forgottenUntil[partner] ?? -Infinity, end)
}

const countDistinct = (group: Group, folded: Folded, end: number): void => {
  for (const { slot, counter } of group.counters) {
    if (group.partner >= 0 || group.delayMs > 0) {
      counter.unknownFrom(windowOf(group, Math.min(folded.paidUntil, end)))
      continue
    }
    const { cells, count } = folded.lastSeen
    for (let at = 0; at < count * seenStride; at += seenStride) {
      if (cells[at + seenCell.slot] !== slot || (cells[at + seenCell.first] ?? NaN) > end) continue
      const last = cells[at + seenCell.last] ?? NaN
      // When it was met last before the window's end is not known.
      if (last > end) counter.unknownFrom(0)
      const window = windowOf(group, last)
      if (window < group.starts.length) counter.see(cells[at + seenCell.hash] ?? NaN, window)
    }
    const window = windowOf(group, folded.forgottenUntil[slot] ?? -Infinity)
    if (window < group.starts.length) counter.estimate(folded.forgotten[slot] ?? 0, window)
  }
}

/** Adds what a folded part of the log holds for the windows of a group. @param end of its windows, epoch ms */
export const addFolded = (group: Group, folded: Folded, end: number): void => {
  if (group.partner < 0) addBuckets(group, folded, end)
  else addPair(group, folded, end)
  countDistinct(group, folded, end)
}
