import { accountEventKinds } from '../domain/accountEvent.ts'
import {
  bucketOfOne,
  noteClass,
  paymentClasses,
  withoutRate,
  type Bucket,
  type BucketClass,
} from './bucket.ts'
import { condense } from './condense.ts'
import {
  allowedFromAt,
  amountsAt,
  blockedFromAt,
  entitiesAt,
  idHighAt,
  idLowAt,
  neverTold,
  positionsAt,
  timesAt,
  triesAt,
} from './columns.ts'
import { expiredUntil, newestOf } from './expiry.ts'
import { offsetKey, type Folded } from './folded.ts'
import { splitNotes } from './foldedNotes.ts'
import { encodeFolded } from './foldedRecords.ts'
import { createHistory, type History } from './history.ts'
import { meetingsOf } from './meetings.ts'
import { allNotes, noteKinds, type Note, type Notes } from './notes.ts'
import { idOf, recordsIn, type Raw } from './rawRecords.ts'
import { entitySlots, labelCodes, recordKinds } from './record.ts'

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

const slots = Array.from({ length: entitySlots }, (_, slot) => slot)

type Payment = {
  /** Id hash and attempt. */
  readonly id: string
  readonly position: number
  readonly at: number
  readonly amount: number
  readonly of: BucketClass
  readonly cameAt: number
  /** Neither allowed nor blocked yet. */
  readonly isOpen: boolean
  readonly entities: readonly number[]
}

/** For each record epoch ms before which it did not come: the newest time in the log up to it, but for what labels say. */
const cameAtOf = (records: readonly Raw[]): ReadonlyMap<number, number> => {
  let newest = -Infinity
  return new Map(
    records.map(({ kind, from, at }) => {
      if (kind !== recordKinds.label && at > newest) newest = at
      return [from, newest]
    }),
  )
}

const paymentAt = (history: History, index: number, cameAt: ReadonlyMap<number, number>): Payment => {
  const { doubles, words, capacity, byteLength: whole } = history
  const position = words[positionsAt(capacity) + index] ?? 0
  const amount = doubles[amountsAt(capacity) + index] ?? NaN
  const isBlocked = (words[blockedFromAt(capacity) + index] ?? neverTold) < whole
  const isAllowed = (words[allowedFromAt(capacity) + index] ?? neverTold) < whole
  const of = isBlocked ? paymentClasses.blocked : isAllowed ? paymentClasses.allowed : paymentClasses.other
  return {
    id: idOf(
      words[idLowAt(capacity) + index] ?? 0,
      words[idHighAt(capacity) + index] ?? 0,
      (words[triesAt(capacity) + index] ?? 0) >>> 16,
    ),
    position,
    at: doubles[timesAt(capacity) + index] ?? 0,
    cameAt: cameAt.get(position) ?? -Infinity,
    amount,
    of: Number.isNaN(amount) ? of + withoutRate : of,
    isOpen: of === paymentClasses.other,
    entities: slots.map((slot) => words[entitiesAt(capacity, slot) + index] ?? 0),
  }
}

const bucketOf = ({ of, at, amount }: Payment): Bucket => bucketOfOne(of, at, amount)

/** A fraud is what its last label left, whatever that one says of itself. */
const bucketOfNote = ({ kind, at }: Note): Bucket => bucketOfOne(noteClass(noteKinds.indexOf(kind)), at, 0)

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

/** An outcome whose payment has not come is waited for so long. */
const outcomeWaitMs = 3_600_000

/** Of payments that nothing became of yet, and of outcomes whose payments have not come, so many times `keep` stay. */
const openFactor = 8

/** Positions of the newest outcomes whose payments have not come: of what is folded each would wait in vain. */
const waitingOutcomes = (
  records: readonly Raw[],
  isKnown: (record: Raw) => boolean,
  since: number,
  most: number,
): ReadonlySet<number> =>
  new Set(
    records
      .filter((record) => record.kind === recordKinds.outcome && record.at > since && !isKnown(record))
      .slice(-most)
      .map(({ from }) => from),
  )

const idOfRecord = ({ idLow, idHigh, attempt }: Raw): string => idOf(idLow, idHigh, attempt)

/** Which records stay as they are: payments at their first, with their outcomes, and notes. */
const keepRecords = (
  records: readonly Raw[],
  payments: readonly Payment[],
  split: number,
  notes: ReadonlySet<number>,
  newest: number,
  keep: number,
): ((record: Raw) => boolean) => {
  const positions = new Set(payments.slice(split).map(({ position }) => position))
  /** Of each payment's id, whether it stays. */
  const staying = new Map(payments.map(({ id }, index) => [id, index >= split]))
  const waiting = waitingOutcomes(
    records,
    (record) => staying.has(idOfRecord(record)),
    newest - outcomeWaitMs,
    openFactor * keep,
  )
  const goesWithPayment = (record: Raw): boolean =>
    staying.get(idOfRecord(record)) ?? waiting.has(record.from)
  return (record) => {
    switch (record.kind) {
      case recordKinds.payment:
        return positions.has(record.from)
      case recordKinds.outcome:
        return goesWithPayment(record)
      case recordKinds.label:
        return notes.has(record.from) || record.code >= labelCodes.length
      case recordKinds.accountEvent:
        return notes.has(record.from) || record.code >= accountEventKinds.length
      case recordKinds.header:
      case recordKinds.bucket:
      case recordKinds.lastSeen:
      case recordKinds.foldedOffset:
        return false
      default:
        return true
    }
  }
}

/** Which kinds are known again by their offset when they are delivered again. */
const kindsWithOffsets: readonly number[] = [recordKinds.payment, recordKinds.label, recordKinds.accountEvent]

const offsetsOf = (before: Folded | null, folded: readonly Raw[]): Map<number, number> => {
  const offsets = new Map(before?.offsets)
  for (const { kind, partition, offset } of folded) {
    const key = offsetKey(kind, partition)
    if (kindsWithOffsets.includes(kind)) offsets.set(key, Math.max(offsets.get(key) ?? -1, offset))
  }
  return offsets
}

/** Payments that nothing became of yet stay for a while, as long as they are not too many. */
const splitAt = (payments: readonly Payment[], keep: number, newest: number): number => {
  const split = Math.max(0, payments.length - keep)
  const open = payments.findIndex(({ isOpen, cameAt }) => isOpen && cameAt > newest - outcomeWaitMs)
  return open < 0 ? split : Math.min(split, Math.max(open, payments.length - openFactor * keep))
}

/** How many payments at the beginning lie in no window any more. */
const expiredAt = (payments: readonly Payment[], oldest: number): number => {
  const living = payments.findIndex(({ at }) => at > oldest)
  return living < 0 ? payments.length : living
}

/** The newest that is known, among what was folded before too. */
const newestOfAll = (history: History): number =>
  (history.folded?.buckets ?? []).reduce(
    (newest, { of, to }) => (of === fraudClass ? newest : Math.max(newest, to)),
    newestOf(history),
  )

/** A partner that goes was met last by a payment that goes. */
const goneUntilOf = (
  before: Folded | null,
  buckets: readonly Bucket[],
  notes: Notes,
  oldest: number,
): number =>
  [...buckets.map(({ to }) => to), ...allNotes(notes).map(({ at }) => at)]
    .filter((at) => at <= oldest)
    .reduce((latest, at) => Math.max(latest, at), before?.goneUntil ?? -Infinity)

/** Folds all but the newest payments and notes of a log; null where there is nothing to gain. */
export const fold = (bytes: Uint8Array, options: FoldOptions): Uint8Array | null => {
  const history = createHistory(bytes)
  const { folded: before, byteLength } = history
  const records = recordsIn(bytes)
  const cameAt = cameAtOf(records)
  const payments = Array.from({ length: history.payments }, (_, i) => paymentAt(history, i, cameAt))
  const newest = newestOfAll(history)
  const split = Math.max(
    splitAt(payments, options.keep, newest),
    expiredAt(payments, expiredUntil(newest, options.retentionMs)),
  )
  const [older, newer] = [payments.slice(0, split), payments.slice(split)]
  const oldest = expiredUntil(newest, options.retentionMs)
  const notes = splitNotes(history.notes, new Set(newer.map(({ id }) => id)), oldest, options.notesPerKind)

  const buckets = [...(before?.buckets ?? []), ...older.map(bucketOf), ...notes.folded.map(bucketOfNote)]
  const keep = keepRecords(records, payments, split, notes.kept, newest, options.keep)
  const kept = records.filter(keep)
  const folded = {
    generation: (before?.generation ?? 0) + 1,
    until: [...older, ...notes.folded].reduce(
      (latest, { at }) => Math.max(latest, at),
      before?.until ?? -Infinity,
    ),
    goneUntil: goneUntilOf(before, buckets, history.notes, oldest),
    buckets: [
      ...condenseAll(
        buckets.filter(({ to }) => to > oldest),
        [...newer.map(bucketOf), ...notes.newer.map(bucketOfNote)],
        options.share,
      ),
    ],
    ...meetingsOf(before, older, oldest, options.lastSeenPerSlot),
    offsets: offsetsOf(
      before,
      records.filter((record) => !keep(record)),
    ),
  }
  const rest = Buffer.concat(kept.map(({ from, to }) => bytes.subarray(from, to)))
  const whole = Buffer.concat([encodeFolded(folded, rest.byteLength), rest])
  return whole.byteLength < byteLength ? whole : null
}
