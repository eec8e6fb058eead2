import { accountEventKinds, type AccountEventKind } from '../domain/accountEvent.ts'
import { channels, methods } from '../domain/payment.ts'
import type { ReasonSet } from '../domain/reasonSet.ts'
import type { Received } from '../domain/received.ts'
import { packCountry, packCurrency, packDegrees, packMcc } from './packing.ts'

/**
 * One entry of an entity's log. The same bytes go to the log of every entity of a payment.
 * Little-endian, a multiple of 8 bytes, so that typed arrays can look at a log without copying it.
 *
 * Every record begins with `[0]` tag = kind << 4 | version and `[1]` its length in words of 8 bytes;
 * a reader skips a kind that it does not know by that length.
 *
 * Payment (9 words): [2] channel (bits 0-2), outcome if known (3-5), method (6-7); [3] attempt, at most 255;
 * [4..5] content hash; [6..7] currency; [8..9] source partition; [10..15] source offset; [16..23] effectiveAt;
 * [24..31] hash of paymentId; [32..39] amount; [40..41] country; [42..43] mcc; [44..45] latitude;
 * [46..47] longitude; [48..71] hashes of the entities in the order of `entityTypes`, 0 where there is none.
 *
 * Outcome (4 words): [2] outcome; [3] attempt; [4..5] content hash; [6] 1 if the content hash is known;
 * [8..15] source: of the payment, or of the feedback where the content hash is not known; [16..23] effectiveAt of the
 * payment (older builds wrote the time at which the outcome was given); [24..31] hash of paymentId.
 * In the log of its account a STEP_UP is told once more, with a fifth word: [32..39] the set of its reasons (ReasonSet).
 *
 * Label (5 words): [2] label; [3..7] 0; [8..15] source; [16..23] knownAt; [24..31] hash of paymentId;
 * [32..39] occurredAt of the payment.
 *
 * Account event (4 words): [2] kind, by its place in `accountEventKinds`; [3..7] 0; [8..15] source;
 * [16..23] effectiveAt; [24..31] hash of eventId.
 */
export const recordKinds = {
  payment: 1,
  outcome: 2,
  label: 3,
  accountEvent: 4,
  bucket: 5,
  lastSeen: 6,
  foldedOffset: 7,
  header: 15,
} as const

/** What this build writes, and the only version of payments and outcomes that it reads. */
export const recordVersion = 1

export const wordBytes = 8
/** Room for the hashes of entities, in the order of `entityTypes`. */
export const entitySlots = 6
export const paymentRecordBytes = 72
export const outcomeRecordBytes = 32
export const askedRecordBytes = 40
export const labelRecordBytes = 40
export const eventRecordBytes = 32

/** What a payment turned out to be, by its number in a record. Append only. */
export const labelCodes = ['UNKNOWN', 'FRAUD', 'GENUINE'] as const
export type LabelCode = (typeof labelCodes)[number]

/** What became of a payment, by its number in a record. Append only; a payment's flags have room for 0 to 7. */
export const outcomeCodes = [
  'UNKNOWN',
  'ALLOW',
  'STEP_UP',
  'BLOCK',
  'STEP_UP_PASSED',
  'STEP_UP_FAILED',
  'STEP_UP_ABANDONED',
  'DECLINED',
] as const
export type OutcomeCode = (typeof outcomeCodes)[number]

/** Keyed hashes of what a payment names: 64 bits of its paymentId, 32 of each entity (0: it has none). */
export type PaymentHashes = {
  readonly idLow: number
  readonly idHigh: number
  /** In the order of `entityTypes`. */
  readonly entities: readonly number[]
}

/** What makes two payment records the same payment. */
export type RecordIdentity = {
  readonly idLow: number
  readonly idHigh: number
  /** 1 to 255; higher ones count as 255. */
  readonly attempt: number
  /** 16 bits of the content hash. */
  readonly content: number
}

export type OutcomeEntry = {
  readonly idLow: number
  readonly idHigh: number
  readonly attempt: number
  /** 16 bits of the content hash; null where only the payment's id is known: the first such payment is meant. */
  readonly content: number | null
  readonly outcome: OutcomeCode
  /** Epoch milliseconds of the payment. */
  readonly effectiveAt: number
  readonly partition: number
  readonly offset: number
  /** Of a STEP_UP: what it was asked for. Without them the record is a word shorter. */
  readonly reasons?: ReasonSet
}

export type LabelEntry = {
  readonly idLow: number
  readonly idHigh: number
  readonly label: LabelCode
  /** Epoch ms: the later of when it was stated to be known and when it came. */
  readonly knownAt: number
  /** Epoch ms of the payment. */
  readonly occurredAt: number
  readonly partition: number
  readonly offset: number
}

export type EventEntry = {
  /** Hash of eventId. */
  readonly idLow: number
  readonly idHigh: number
  readonly kind: AccountEventKind
  readonly effectiveAt: number
  readonly partition: number
  readonly offset: number
}

const recordAttempt = (attempt: number): number => Math.min(attempt, 255)

/** The first 16 bits of a content hash in hexadecimal. */
export const contentBits = (contentHash: string): number => Number.parseInt(contentHash.slice(0, 4), 16)

export const identityOf = (received: Received, hashes: PaymentHashes): RecordIdentity => ({
  idLow: hashes.idLow,
  idHigh: hashes.idHigh,
  attempt: recordAttempt(received.payment.attempt),
  content: contentBits(received.contentHash),
})

const writeStart = (view: DataView, at: number, kind: number, byteLength: number): void => {
  view.setUint8(at, (kind << 4) | recordVersion)
  view.setUint8(at + 1, byteLength / wordBytes)
}

const writeSource = (view: DataView, at: number, partition: number, offset: number): void => {
  view.setUint16(at, partition, true)
  view.setUint32(at + 2, offset % 2 ** 32, true)
  view.setUint16(at + 6, Math.floor(offset / 2 ** 32), true)
}

/**
 * Writes one payment into `view` at `at` and returns where the next record goes (72 bytes on).
 * `amountBase`: minor units of the base currency, NaN where no rate is known.
 * `outcome`: only where it is known beforehand, as in a rebuild; else it follows in a record of its own.
 */
export const encodePaymentRecord = (
  view: DataView,
  at: number,
  received: Received,
  hashes: PaymentHashes,
  amountBase: number,
  outcome: OutcomeCode = 'UNKNOWN',
): number => {
  const { payment, source } = received
  writeStart(view, at, recordKinds.payment, paymentRecordBytes)
  const channel = channels.indexOf(payment.channel)
  view.setUint8(
    at + 2,
    channel | (outcomeCodes.indexOf(outcome) << 3) | (methods.indexOf(payment.method) << 6),
  )
  view.setUint8(at + 3, recordAttempt(payment.attempt))
  view.setUint16(at + 4, contentBits(received.contentHash), true)
  view.setUint16(at + 6, packCurrency(payment.currency), true)
  writeSource(view, at + 8, source.partition, source.offset)
  view.setFloat64(at + 16, received.effectiveAt, true)
  view.setUint32(at + 24, hashes.idLow, true)
  view.setUint32(at + 28, hashes.idHigh, true)
  view.setFloat64(at + 32, amountBase, true)
  view.setUint16(at + 40, packCountry(payment.country), true)
  view.setUint16(at + 42, packMcc(payment.mcc), true)
  view.setInt16(at + 44, packDegrees(payment.latitude), true)
  view.setInt16(at + 46, packDegrees(payment.longitude), true)
  for (let slot = 0; slot < entitySlots; slot++)
    view.setUint32(at + 48 + slot * 4, hashes.entities[slot] ?? 0, true)
  return at + paymentRecordBytes
}

/** Writes one outcome into `view` at `at` and returns where the next record goes: 32 bytes on, with reasons 40. */
export const encodeOutcomeRecord = (view: DataView, at: number, entry: OutcomeEntry): number => {
  const byteLength = entry.reasons === undefined ? outcomeRecordBytes : askedRecordBytes
  writeStart(view, at, recordKinds.outcome, byteLength)
  view.setUint8(at + 2, outcomeCodes.indexOf(entry.outcome))
  view.setUint8(at + 3, recordAttempt(entry.attempt))
  view.setUint16(at + 4, entry.content ?? 0, true)
  view.setUint8(at + 6, entry.content === null ? 0 : 1)
  view.setUint8(at + 7, 0)
  writeSource(view, at + 8, entry.partition, entry.offset)
  view.setFloat64(at + 16, entry.effectiveAt, true)
  view.setUint32(at + 24, entry.idLow, true)
  view.setUint32(at + 28, entry.idHigh, true)
  if (entry.reasons !== undefined) view.setFloat64(at + outcomeRecordBytes, entry.reasons, true)
  return at + byteLength
}

/** What a payment was stepped up for, by the outcome record at `at`; the empty set where it says nothing of that. */
export const reasonsAt = (view: DataView, at: number): ReasonSet =>
  view.getUint8(at + 1) * wordBytes >= askedRecordBytes ? view.getFloat64(at + outcomeRecordBytes, true) : 0

const writeNote = (
  view: DataView,
  at: number,
  kind: number,
  byteLength: number,
  code: number,
  time: number,
  { idLow, idHigh, partition, offset }: LabelEntry | EventEntry,
): void => {
  writeStart(view, at, kind, byteLength)
  view.setUint8(at + 2, code)
  view.setUint8(at + 3, 0)
  view.setUint32(at + 4, 0)
  writeSource(view, at + 8, partition, offset)
  view.setFloat64(at + 16, time, true)
  view.setUint32(at + 24, idLow, true)
  view.setUint32(at + 28, idHigh, true)
}

/** Writes one label into `view` at `at`: 40 bytes. */
export const encodeLabelRecord = (view: DataView, at: number, entry: LabelEntry): void => {
  const code = labelCodes.indexOf(entry.label)
  writeNote(view, at, recordKinds.label, labelRecordBytes, code, entry.knownAt, entry)
  view.setFloat64(at + 32, entry.occurredAt, true)
}

/** Writes one account event into `view` at `at`: 32 bytes. */
export const encodeEventRecord = (view: DataView, at: number, entry: EventEntry): void => {
  const code = accountEventKinds.indexOf(entry.kind)
  writeNote(view, at, recordKinds.accountEvent, eventRecordBytes, code, entry.effectiveAt, entry)
}
