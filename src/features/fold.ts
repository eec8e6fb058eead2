import { bucketOfOne, noteClass, type Bucket, type BucketClass } from './bucket.ts'
import { listBuckets, packBuckets } from './buckets.ts'
import { condense } from './condense.ts'
import { expiredUntil, newestOf } from './expiry.ts'
import type { Folded } from './folded.ts'
import { splitNotes } from './foldedNotes.ts'
import { encodeFolded } from './foldedRecords.ts'
import { restOf } from './foldedRest.ts'
import { splitAt } from './foldSplit.ts'
import { createHistory, type History } from './history.ts'
import { triedOf } from './identity.ts'
import { livePayments, type LivePayments } from './livePayments.ts'
import { meetingsOf } from './meetings.ts'
import { allNotes, noteKinds, type Note, type Notes } from './notes.ts'
import { findPayment, type ReadLog } from './readLog.ts'

export type FoldOptions = {
  /** Newest payments that stay as they are, unless no window reaches them: windows of these alone are exact. */
  readonly keep: number
  /** Most that a window is off, as a share of what it holds. */
  readonly share: number
  /** What is older than the newest payment or event by this, and a day for those that come late, goes; ms. */
  readonly retentionMs: number
  /** For each kind of entity, how many others are remembered as met together with this one. */
  readonly lastSeenPerSlot: number
  /** Newest labels, events and such of each kind that stay as they are. */
  readonly notesPerKind: number
}

const fraudClass = noteClass(noteKinds.indexOf('FRAUD'))

/** A fraud is what its last label left, whatever that one says of itself. */
const bucketOfNote = ({ kind, at }: Note): Bucket => bucketOfOne(noteClass(noteKinds.indexOf(kind)), at, 0)

const bucketsOf = ({ bucket }: LivePayments, from: number, to: number): readonly Bucket[] => {
  const buckets: Bucket[] = []
  for (let index = from; index < to; index++) buckets.push(bucket(index))
  return buckets
}

const byClass = (buckets: readonly Bucket[]): ReadonlyMap<BucketClass, readonly Bucket[]> => {
  const classes = new Map<BucketClass, Bucket[]>()
  for (const bucket of buckets) {
    const of = classes.get(bucket.of)
    if (of === undefined) classes.set(bucket.of, [bucket])
    else of.push(bucket)
  }
  return classes
}

const condenseAll = (
  buckets: readonly Bucket[],
  newer: readonly Bucket[],
  share: number,
): readonly Bucket[] => {
  const newerByClass = byClass(newer)
  return [...byClass(buckets)].flatMap(([of, some]) => condense(some, newerByClass.get(of) ?? [], share))
}

/** The newest that is known, among what was folded before too. */
const newestOfAll = (history: History, foldedBefore: readonly Bucket[]): number =>
  foldedBefore.reduce(
    (newest, { of, to }) => (of === fraudClass ? newest : Math.max(newest, to)),
    newestOf(history),
  )

const latestOf = (times: readonly number[], atLeast: number): number =>
  times.reduce((latest, at) => Math.max(latest, at), atLeast)

/** A partner that goes was met last by a payment that goes. */
const goneUntilOf = (
  before: Folded | null,
  buckets: readonly Bucket[],
  notes: Notes,
  oldest: number,
): number =>
  latestOf(
    [...buckets.map(({ to }) => to), ...allNotes(notes).map(({ at }) => at)].filter((at) => at <= oldest),
    before?.goneUntil ?? -Infinity,
  )

/** Folds all but the newest payments and notes of a log; null where there is nothing to gain. */
export const fold = (bytes: Uint8Array, options: FoldOptions): Uint8Array | null => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const history = createHistory(bytes)
  const log = history as ReadLog
  const { folded: before } = history
  const payments = livePayments(history)
  const foldedBefore = before === null ? [] : listBuckets(before.buckets)
  const newest = newestOfAll(history, foldedBefore)
  const oldest = expiredUntil(newest, options.retentionMs)
  const split = splitAt(view, payments, newest, options)
  const notes = splitNotes(
    history.notes,
    (note) => findPayment(log, { ...note, ...triedOf(note.tried) }) >= split,
    oldest,
    options.notesPerKind,
  )
  const older = bucketsOf(payments, 0, split)
  const newer = bucketsOf(payments, split, payments.count)

  const buckets = [...foldedBefore, ...older, ...notes.folded.map(bucketOfNote)]
  const { kept, gone } = notes
  const rest = restOf({ log, view, payments, split, kept, gone, newest, keep: options.keep }, bytes)
  const folded = {
    generation: (before?.generation ?? 0) + 1,
    until: latestOf(
      older.map(({ to }) => to),
      Math.max(rest.notedUntil, before?.until ?? -Infinity),
    ),
    goneUntil: goneUntilOf(before, buckets, history.notes, oldest),
    buckets: packBuckets(
      condenseAll(
        buckets.filter(({ to }) => to > oldest),
        [...newer, ...notes.newer.map(bucketOfNote)],
        options.share,
      ),
    ),
    ...meetingsOf(before, { ...payments, count: split }, oldest, options.lastSeenPerSlot),
    offsets: rest.offsets,
  }
  const whole = Buffer.concat([encodeFolded(folded, rest.bytes.byteLength), rest.bytes])
  return whole.byteLength < bytes.byteLength ? whole : null
}
