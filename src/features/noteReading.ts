import { noteClass } from './bucket.ts'
import { bucketCell, bucketStride } from './buckets.ts'
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

  /** Adds up what the folded part tells of this kind in the span. */
  const inBuckets = (
    { folded: part }: History,
    { start, end }: Span,
    told: number,
    add: (told: number, count: number, to: number) => number,
  ): number => {
    if (part === null) return told
    const { cells, count } = part.buckets
    let all = told
    for (let row = 0; row < count * bucketStride; row += bucketStride) {
      if (cells[row + bucketCell.of] !== folded) continue
      const to = cells[row + bucketCell.to] ?? NaN
      const at = placeOf(cells[row + bucketCell.from] ?? NaN, to)
      if (at > start && at <= end) all = add(all, cells[row + bucketCell.count] ?? NaN, to)
    }
    return all
  }

  /** Epoch ms of the newest of this kind in the folded part; -Infinity without any. */
  const latestFolded = (history: History): number =>
    inBuckets(history, { start: -Infinity, end: Infinity }, -Infinity, (at, _, to) => Math.max(at, to))

  const count = ({ received: { effectiveAt } }: Recalled, { history, before }: HistoryView): number => {
    const span = spanOf(effectiveAt)
    const told = countNotes(history.notes, kind, { before, effectiveAt }, span)
    return inBuckets(history, span, told, (sum, some) => sum + some)
  }

  const latest = ({ received: { effectiveAt } }: Recalled, { history, before }: HistoryView): number => {
    const span = spanOf(effectiveAt)
    const told = latestNote(history.notes, kind, { before, effectiveAt }, span)
    return inBuckets(history, span, told, (at, _, to) => Math.max(at, Math.min(to, span.end)))
  }

  const runOf = ({ received: { effectiveAt } }: Recalled, { history, before }: HistoryView): FraudRun => {
    const span = spanOf(effectiveAt)
    const labelsFolded = latestFolded(history) > span.start
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
