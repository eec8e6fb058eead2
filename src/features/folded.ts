import type { Buckets } from './buckets.ts'
import type { Seen } from './lastSeen.ts'
import { recordKinds } from './record.ts'

/** Of a kind of record and a source partition: offsets of different topics are not to be compared. */
export const offsetKey = (kind: number, partition: number): number => kind * 65_536 + partition

/** Outcomes that come of feedback have offsets of another topic than those that come of decisions. */
export const toldElsewhere = recordKinds.outcome + 16

/** For the record at `at`; null for a kind that is not known again by its offset. */
export const foldedOffsetKey = (view: DataView, at: number): number | null => {
  const kind = view.getUint8(at) >>> 4
  const partition = view.getUint16(at + 8, true)
  switch (kind) {
    case recordKinds.payment:
    case recordKinds.label:
    case recordKinds.accountEvent:
      return offsetKey(kind, partition)
    case recordKinds.outcome:
      return offsetKey(view.getUint8(at + 6) === 1 ? kind : toldElsewhere, partition)
    default:
      return null
  }
}

/** Whether the payment's record at `at` says what became of it. */
const saysOutcome = (view: DataView, at: number): boolean => ((view.getUint8(at + 2) >> 3) & 7) !== 0

/** Of all that the record at `at` tells: its outcome may be told again without it. */
export const foldedOffsetKeys = (view: DataView, at: number): readonly number[] => {
  const key = foldedOffsetKey(view, at)
  if (key === null) return []
  return view.getUint8(at) >>> 4 === recordKinds.payment && saysOutcome(view, at)
    ? [key, offsetKey(recordKinds.outcome, view.getUint16(at + 8, true))]
    : [key]
}

/** What stands for the folded part of a log. */
export type Folded = {
  /** Counts the folds of this log; never 0. */
  readonly generation: number
  /** Newest effectiveAt among what a fold took out, epoch ms: what is newer cannot have been. */
  readonly until: number
  readonly buckets: Buckets
  readonly lastSeen: Seen
  /** For each slot: epoch ms of the newest meeting that is no longer in `lastSeen`, and how many there were. */
  readonly forgottenUntil: readonly number[]
  readonly forgotten: readonly number[]
  /** Highest folded offset by `offsetKey`. */
  readonly offsets: Map<number, number>
  /** Newest effectiveAt among what is gone, being older than the retention; epoch ms, -Infinity for nothing. */
  readonly goneUntil: number
  /** Where in the log the records end that the fold left as they were: none of them was delivered again. */
  readonly keptUntil: number
  /** Newest effectiveAt of a payment in `buckets`, epoch ms; -Infinity without any. Not written: read from those. */
  paidUntil: number
}

/** What stands in the log of it. */
export type FoldedParts = Omit<Folded, 'paidUntil'>
