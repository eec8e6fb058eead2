import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAllowedClass } from '../../../../src/features/bucket.ts'
import { listBuckets } from '../../../../src/features/buckets.ts'
import { idLowAt } from '../../../../src/features/columns.ts'
import { fold, type FoldOptions } from '../../../../src/features/fold.ts'
import { headerBytes } from '../../../../src/features/foldedRecords.ts'
import { createHistory } from '../../../../src/features/history.ts'
import { countNotes } from '../../../../src/features/notes.ts'
import {
  encodeEventRecord,
  encodeOutcomeRecord,
  encodePaymentRecord,
  eventRecordBytes,
  outcomeRecordBytes,
  paymentRecordBytes,
  type OutcomeCode,
} from '../../../../src/features/record.ts'
import { liveLog } from '../../../../src/offline/rebuild/liveLogs.ts'
import { rebuiltLog, type ReadRanges } from '../../../../src/offline/rebuild/rebuiltLog.ts'
import { aReceived } from '../../../support/payments.ts'

const began = Date.UTC(2026, 0, 1)
const minute = 60_000
const options: FoldOptions = {
  keep: 10,
  share: 0.1,
  retentionMs: 400 * 86_400_000,
  lastSeenPerSlot: 6,
  notesPerKind: 3,
}

const written = (byteLength: number, write: (view: DataView) => void): Uint8Array => {
  const bytes = new Uint8Array(byteLength)
  write(new DataView(bytes.buffer))
  return bytes
}

const payment = (offset: number, outcome: OutcomeCode = 'UNKNOWN'): Uint8Array =>
  written(paymentRecordBytes, (view) =>
    encodePaymentRecord(
      view,
      0,
      { ...aReceived({}, offset), effectiveAt: began + offset * minute },
      { idLow: offset, idHigh: 7, entities: [1, 0, 2, 0, 0, 0] },
      100,
      outcome,
    ),
  )

const told = (offset: number, outcome: OutcomeCode, content: number | null = 0): Uint8Array =>
  written(outcomeRecordBytes, (view) =>
    encodeOutcomeRecord(view, 0, {
      idLow: offset,
      idHigh: 7,
      attempt: 1,
      content,
      outcome,
      effectiveAt: began,
      partition: 0,
      offset,
    }),
  )

const event = (offset: number): Uint8Array =>
  written(eventRecordBytes, (view) =>
    encodeEventRecord(view, 0, {
      idLow: offset,
      idHigh: 9,
      kind: 'LOGIN_FAILED',
      effectiveAt: began + offset * minute,
      partition: 0,
      offset,
    }),
  )

const log = (...records: readonly Uint8Array[]): Uint8Array => Buffer.concat(records)
const paymentsFrom = (from: number, until: number, outcome?: OutcomeCode): readonly Uint8Array[] =>
  Array.from({ length: Math.max(0, until - from) }, (_, i) => payment(from + i, outcome))
const liveFrom = (from: number, until: number): readonly Uint8Array[] =>
  Array.from({ length: Math.max(0, until - from) }, (_, i) => [
    payment(from + i),
    told(from + i, 'ALLOW'),
  ]).flat()

const readTo = (until: number, from = 0): ReadRanges => ({
  payments: new Map([[0, { from, until }]]),
  feedback: new Map([[0, { from: 0, until }]]),
  accountEvents: new Map([[0, { from: 0, until }]]),
})

const idsOf = (bytes: Uint8Array): readonly number[] => {
  const { payments, words, capacity } = createHistory(bytes)
  return Array.from({ length: payments }, (_, i) => words[idLowAt(capacity) + i] ?? -1)
}

/** Payments, folded or not. */
const countOf = (bytes: Uint8Array): number => {
  const { payments, folded } = createHistory(bytes)
  const buckets = folded === null ? [] : listBuckets(folded.buckets)
  return payments + buckets.reduce((sum, { count }) => sum + count, 0)
}

const merged = (rebuilt: Uint8Array, live: Uint8Array, ranges: ReadRanges): Uint8Array =>
  rebuiltLog(rebuilt, liveLog('live', live, null), ranges)

describe('a rebuilt log in the place of a live one', () => {
  test('has what was read, then what came after; each once', () => {
    const whole = merged(log(...paymentsFrom(0, 6, 'ALLOW')), log(...liveFrom(4, 9)), readTo(6))
    expect(idsOf(whole)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    // A header, six payments with their outcome, three with theirs behind them.
    expect(whole.byteLength).toBe(headerBytes + 1 + 6 * 72 + 3 * 104)
  })

  test('keeps what was not read, though it is older, and of another partition', () => {
    const whole = merged(log(payment(5)), log(payment(2), payment(5), payment(7)), readTo(6, 4))
    expect(idsOf(whole)).toEqual([5, 2, 7])
    const other: ReadRanges = { ...readTo(6), payments: new Map([[1, { from: 0, until: 6 }]]) }
    expect(idsOf(merged(log(payment(5)), log(payment(2)), other))).toEqual([5, 2])
  })

  test('outcomes of feedback and account events go by the offsets of their own topics', () => {
    const ranges: ReadRanges = {
      payments: new Map([[0, { from: 0, until: 3 }]]),
      feedback: new Map([[0, { from: 0, until: 1 }]]),
      accountEvents: new Map([[0, { from: 0, until: 2 }]]),
    }
    const live = log(payment(2), told(2, 'DECLINED', null), event(1), event(2), event(3))
    const whole = createHistory(merged(log(payment(2), event(1)), live, ranges))
    const sight = { before: Infinity, effectiveAt: Infinity }
    const always = { start: -Infinity, end: Infinity }
    expect(countNotes(whole.notes, 'LOGIN_FAILED', sight, always)).toBe(3)
    expect(countNotes(whole.notes, 'DECLINED', sight, always)).toBe(1)
  })

  test('what a live log has folded was read, and goes', () => {
    const live = fold(log(...liveFrom(40, 80)), options)
    expect(live).not.toBeNull()
    const whole = merged(log(...paymentsFrom(0, 76, 'ALLOW')), live ?? log(), readTo(76))
    expect(idsOf(whole)).toEqual(Array.from({ length: 80 }, (_, i) => i))
  })

  test('what it has folded beyond that cannot be told apart: the run has to be made again', () => {
    const live = fold(log(...liveFrom(40, 80)), options) ?? log()
    expect(() => merged(log(...paymentsFrom(0, 60)), live, readTo(60))).toThrow('run it again')
  })

  test('no copy is taken for it: its generation is that of neither, and its length says so', () => {
    const folded = fold(log(...liveFrom(0, 40)), options) ?? log()
    const twice = fold(log(folded, ...liveFrom(40, 80)), options) ?? log()
    const generationOf = (bytes: Uint8Array): number => createHistory(bytes).folded?.generation ?? 0
    expect(generationOf(twice)).toBe(2)
    expect(generationOf(merged(folded, twice, readTo(90)))).toBe(3)
    expect(generationOf(merged(twice, log(payment(1)), readTo(90)))).toBe(3)
    expect(merged(log(payment(0)), log(payment(0)), readTo(1)).byteLength % 8).toBe(1)
  })

  test('what became of a folded payment afterwards counts once', () => {
    const allowedIn = (bytes: Uint8Array): number => {
      const { folded } = createHistory(bytes)
      const buckets = folded === null ? [] : listBuckets(folded.buckets)
      return buckets.filter(({ of }) => isAllowedClass(of)).reduce((sum, { count }) => sum + count, 0)
    }
    const folded = fold(log(...paymentsFrom(0, 200, 'ALLOW')), options) ?? log()
    const late = log(folded, told(0, 'DECLINED', null))
    expect(allowedIn(late)).toBe(allowedIn(folded) - 1)
    expect(allowedIn(merged(late, log(), readTo(200)))).toBe(allowedIn(folded) - 1)
  })

  test('property: wherever Redis was emptied, the read ended and folds were made, nothing is lost or doubled', () => {
    const parts = fc.record({
      emptied: fc.nat({ max: 60 }),
      read: fc.nat({ max: 80 }),
      stagedFold: fc.boolean(),
      liveFoldAt: fc.option(fc.nat({ max: 80 })),
    })
    fc.assert(
      fc.property(parts, ({ emptied, read, stagedFold, liveFoldAt }) => {
        const end = 80
        const until = Math.max(read, emptied)
        const raw = log(...paymentsFrom(0, until, 'ALLOW'))
        const rebuilt = stagedFold ? (fold(raw, options) ?? raw) : raw
        // A fold before the read ended: only then is it one that the rebuild can have let happen.
        const foldAt = Math.min(Math.max(liveFoldAt ?? 0, emptied), until)
        const before = log(...liveFrom(emptied, foldAt))
        const folded = liveFoldAt === null ? before : (fold(before, options) ?? before)
        const live = log(folded, ...liveFrom(foldAt, end))
        const whole = merged(rebuilt, live, readTo(until))
        expect(countOf(whole)).toBe(end)
        // It can be appended to and folded as any other.
        const again = log(whole, ...liveFrom(end, end + 40))
        expect(countOf(fold(again, options) ?? again)).toBe(end + 40)
      }),
    )
  })
})
