import { noteClass } from './bucket.ts'
import { placeOf } from './foldedWalk.ts'
import type { NoteMeasure } from './noteMeasures.ts'
import { eachNote, noteKinds } from './notes.ts'
import type { HistoryView, Recalled } from './recalled.ts'

/** What a velocity reading needs to know of a measure over notes. */
export type NoteReading = {
  readonly read: (own: Recalled, view: HistoryView) => number
  readonly certain: (coveredSince: number, own: Recalled, view: HistoryView) => boolean
}

type Seen = { readonly count: number; readonly latest: number }

/** @param payments how many earlier payments the window holds, once they have been added up */
export const noteReading = (
  { kind, reads }: NoteMeasure,
  windowMs: number,
  delayMs: number,
  payments: () => number,
): NoteReading => {
  const folded = noteClass(noteKinds.indexOf(kind))
  const seenBy = ({ received }: Recalled, { history, before }: HistoryView): Seen => {
    const { effectiveAt } = received
    const end = effectiveAt - delayMs
    let count = 0
    let latest = -Infinity
    eachNote(history.notes, kind, { before, effectiveAt }, end - windowMs, end, (at) => {
      count++
      latest = Math.max(latest, at)
    })
    for (const bucket of history.folded?.buckets ?? []) {
      const at = placeOf(bucket)
      if (bucket.of !== folded || at <= end - windowMs || at > end) continue
      count += bucket.count
      latest = Math.max(latest, Math.min(bucket.to, end))
    }
    return { count, latest }
  }

  const read = (own: Recalled, view: HistoryView): number => {
    const { count, latest } = seenBy(own, view)
    if (reads === 'count') return count
    if (reads === 'rate') return payments() === 0 ? NaN : count / payments()
    return count === 0 ? NaN : (own.received.effectiveAt - latest) / 1000
  }

  return {
    read,
    certain: (coveredSince, own, view) => reads === 'since' && seenBy(own, view).latest >= coveredSince,
  }
}
