import type { NoteMeasure } from './noteMeasures.ts'
import { countNotes, latestNote, type Span } from './notes.ts'
import type { HistoryView, Recalled } from './recalled.ts'

/** What a velocity reading needs to know of a measure over notes. */
export type NoteReading = {
  readonly read: (own: Recalled, view: HistoryView) => number
  readonly certain: (coveredSince: number, own: Recalled, view: HistoryView) => boolean
}

/** @param payments how many earlier payments the window holds, once they have been added up */
export const noteReading = (
  { kind, reads }: NoteMeasure,
  windowMs: number,
  delayMs: number,
  payments: () => number,
): NoteReading => {
  const spanOf = (effectiveAt: number): Span => ({
    start: effectiveAt - delayMs - windowMs,
    end: effectiveAt - delayMs,
  })

  const count = ({ received: { effectiveAt } }: Recalled, { history, before }: HistoryView): number =>
    countNotes(history.notes, kind, { before, effectiveAt }, spanOf(effectiveAt))

  const latest = ({ received: { effectiveAt } }: Recalled, { history, before }: HistoryView): number =>
    latestNote(history.notes, kind, { before, effectiveAt }, spanOf(effectiveAt))

  const read = (own: Recalled, view: HistoryView): number => {
    if (reads === 'count') return count(own, view)
    if (reads === 'rate') return payments() === 0 ? NaN : count(own, view) / payments()
    const at = latest(own, view)
    return at === -Infinity ? NaN : (own.received.effectiveAt - at) / 1000
  }

  return {
    read,
    certain: (coveredSince, own, view) => reads === 'since' && latest(own, view) >= coveredSince,
  }
}
