import type { Bucket } from './bucket.ts'
import { recordKinds } from './record.ts'

/** When an entity was met together with another one, among records that are no longer told apart. */
export type LastSeen = {
  readonly slot: number
  readonly hash: number
  /** Epoch ms. */
  readonly first: number
  readonly last: number
  readonly count: number
}

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
  /** Newest effectiveAt among what is folded, epoch ms. */
  readonly until: number
  readonly buckets: Bucket[]
  readonly lastSeen: LastSeen[]
  /** For each slot: epoch ms of the newest meeting that is no longer in `lastSeen`, and how many there were. */
  readonly forgottenUntil: readonly number[]
  readonly forgotten: readonly number[]
  /** Highest folded offset by `offsetKey`. */
  readonly offsets: Map<number, number>
  /** Newest effectiveAt among what is gone, being older than the retention; epoch ms, -Infinity for nothing. */
  readonly goneUntil: number
  /** Where in the log the records end that the fold left as they were: none of them was delivered again. */
  readonly keptUntil: number
}
