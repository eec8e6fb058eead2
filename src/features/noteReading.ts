import { noteClass, type Bucket } from './bucket.ts'
import { placeOf } from './foldedWalk.ts'
import type { History } from './history.ts'
import { confirmedReading } from './confirmedReasons.ts'
import { isConfirmedRead, type ConfirmedRead, type NoteMeasure, type RunRead } from './noteMeasures.ts'
import { fraudRun, type FraudRun } from './fraudRun.ts'
import { countNotes, latestNote, noteKinds, type Span } from './notes.ts'
import type { NoteReading } from './noteRead.ts'
import type { HistoryView, Recalled } from './recalled.ts'

const isRunRead = (reads: Exclude<NoteMeasure['reads'], ConfirmedRead>): reads is RunRead =>
  reads !== 'count' && reads !== 'rate' && reads !== 'since'

const finite = (value: number): number => (Number.isFinite(value) ? value : NaN)

const noBuckets: readonly Bucket[] = []

/** @param payments how many earlier payments the window holds, once they have been added up */
export const noteReading = (
  { kind, reads, runOf: which }: NoteMeasure,
  windowMs: number,
  delayMs: number,
  payments: () => number,
): NoteReading => {
  if (isConfirmedRead(reads)) return confirmedReading(reads, windowMs, delayMs)
  const spanOf = (effectiveAt: number): Span => ({
    start: effectiveAt - delayMs - windowMs,
    end: effectiveAt - delayMs,
  })

  const folded = noteClass(noteKinds.indexOf(kind))

  const bucketsIn = ({ folded: part }: History, { start, end }: Span): readonly Bucket[] =>
    part === null
      ? noBuckets
      : part.buckets.filter((bucket) => {
          const at = placeOf(bucket)
          return bucket.of === folded && at > start && at <= end
        })

  const count = ({ received: { effectiveAt } }: Recalled, { history, before }: HistoryView): number => {
    const span = spanOf(effectiveAt)
    const told = countNotes(history.notes, kind, { before, effectiveAt }, span)
    return bucketsIn(history, span).reduce((sum, bucket) => sum + bucket.count, told)
  }

  const latest = ({ received: { effectiveAt } }: Recalled, { history, before }: HistoryView): number => {
    const span = spanOf(effectiveAt)
    const told = latestNote(history.notes, kind, { before, effectiveAt }, span)
    return bucketsIn(history, span).reduce((at, { to }) => Math.max(at, Math.min(to, span.end)), told)
  }

  const runOf = ({ received: { effectiveAt } }: Recalled, { history, before }: HistoryView): FraudRun => {
    const span = spanOf(effectiveAt)
    const labelsFolded = (history.folded?.buckets ?? noBuckets).some(
      (bucket) => bucket.of === folded && bucket.to > span.start,
    )
    return fraudRun(history, { before, effectiveAt }, span, labelsFolded, which)
  }

  const secondsSince = (at: number, { received }: Recalled): number =>
    finite((received.effectiveAt - at) / 1000)

  const readRun = (own: Recalled, view: HistoryView, what: RunRead): number => {
    const run = runOf(own, view)
    switch (what) {
      case 'run':
        return run.frauds
      case 'sinceOther':
        return secondsSince(run.other, own)
      case 'runSince':
        return secondsSince(run.from, own)
      case 'runMin':
        return finite(run.min)
      case 'runMax':
        return finite(run.max)
    }
  }

  const read = (own: Recalled, view: HistoryView): number => {
    if (isRunRead(reads)) return readRun(own, view, reads)
    if (reads === 'count') return count(own, view)
    if (reads === 'rate') return payments() === 0 ? NaN : count(own, view) / payments()
    const at = latest(own, view)
    return at === -Infinity ? NaN : (own.received.effectiveAt - at) / 1000
  }

  return {
    read,
    lacksRate: (own, view) => {
      if (!isRunRead(reads)) return false
      const { frauds, min, lacksRate } = runOf(own, view)
      return lacksRate || ((reads === 'runMin' || reads === 'runMax') && frauds > 0 && Number.isNaN(min))
    },
    certain: (coveredSince, own, view) => {
      if (reads === 'since') return latest(own, view) >= coveredSince
      if (!isRunRead(reads)) return false
      const { other, compared } = runOf(own, view)
      return !compared && other >= coveredSince
    },
  }
}
