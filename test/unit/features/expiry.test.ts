import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isHalfExpired } from '../../../src/features/expiry.ts'
import { fold, type FoldOptions } from '../../../src/features/fold.ts'
import { createHistory } from '../../../src/features/history.ts'
import { compileFeatures } from '../../../src/features/plan.ts'
import {
  encodeEventRecord,
  encodeLabelRecord,
  encodePaymentRecord,
  eventRecordBytes,
  labelRecordBytes,
  paymentRecordBytes,
} from '../../../src/features/record.ts'
import { aReceived } from '../../support/payments.ts'

const dayMs = 86_400_000
const began = Date.UTC(2026, 0, 1)
const options: FoldOptions = {
  keep: 160,
  share: 0.047,
  retentionMs: 40 * dayMs,
  lastSeenPerSlot: 128,
  notesPerKind: 32,
}

const record = (byteLength: number, encode: (view: DataView) => void): Buffer => {
  const bytes = Buffer.alloc(byteLength)
  encode(new DataView(bytes.buffer, bytes.byteOffset, byteLength))
  return bytes
}
const hashesOf = (id: number) => ({ idLow: id, idHigh: 7, entities: [1, 0, 1 + (id % 3), 0, 0, 0] })
const receivedOf = (id: number, at: number) => ({
  ...aReceived({ paymentId: `p${id}` }, id),
  effectiveAt: at,
  source: { topic: 'payments', partition: 3, offset: id, timestamp: at, headers: {} },
})
const payment = (id: number, at: number): Buffer =>
  record(paymentRecordBytes, (view) =>
    encodePaymentRecord(view, 0, receivedOf(id, at), hashesOf(id), 100 + id, 'ALLOW'),
  )
const failedLogin = (id: number, at: number): Buffer =>
  record(eventRecordBytes, (view) =>
    encodeEventRecord(view, 0, {
      idLow: id,
      idHigh: 9,
      kind: 'LOGIN_FAILED',
      effectiveAt: at,
      partition: 1,
      offset: id,
    }),
  )
const fraudLabel = (id: number, occurredAt: number): Buffer =>
  record(labelRecordBytes, (view) =>
    encodeLabelRecord(view, 0, {
      idLow: id,
      idHigh: 7,
      label: 'FRAUD',
      knownAt: occurredAt,
      occurredAt,
      partition: 1,
      offset: id,
    }),
  )

const list = <T>(length: number, item: (n: number) => T): readonly T[] =>
  Array.from({ length }, (_, n) => item(n))
const daily = (days: number, from = 0): Buffer =>
  Buffer.concat(list(days, (n) => payment(from + n, began + (from + n) * dayMs)))

const windows = ['24h', '7d', '30d', '40d'] as const
const names = [
  ...windows.flatMap((window) => [
    `account.count.${window}`,
    `account.sum.${window}`,
    `account.max.${window}`,
    `account.distinct_device.${window}`,
    `account.login_failed.${window}`,
  ]),
  'account.since_last',
  'account_device.count.40d',
]
const plan = compileFeatures(names, { retentionMs: options.retentionMs })

/** The features of a payment at `at` that sees the whole log. */
const featuresOf = (log: Uint8Array, at: number): readonly number[] => {
  const history = createHistory(log)
  const row = new Float64Array(names.length)
  plan.compute(
    {
      received: receivedOf(999_999, at),
      hashes: hashesOf(999_999),
      amountBase: 50,
      views: [{ history, before: history.byteLength }, null, null, null, null, null],
      coveredSince: [0, Infinity, Infinity, Infinity, Infinity, Infinity],
      device: null,
    },
    row,
  )
  return [...row]
}

describe('what lies in no window any more', () => {
  test('is noticed when it is half of the payments, and only then', () => {
    expect(isHalfExpired(createHistory(daily(81)), options.retentionMs)).toBe(false)
    expect(isHalfExpired(createHistory(daily(84)), options.retentionMs)).toBe(true)
  })

  test('is not noticed among few payments', () => {
    const yearly = Buffer.concat(list(31, (n) => payment(n, began + n * 365 * dayMs)))
    expect(isHalfExpired(createHistory(yearly), options.retentionMs)).toBe(false)
  })

  test('goes with a fold, however few payments there are', () => {
    const log = daily(84)
    const folded = fold(log, options)
    const history = createHistory(folded ?? log)
    // Those of the last 40 days, and of one more for those that come late.
    expect([history.payments, history.folded?.buckets.count]).toEqual([41, 0])
    expect(isHalfExpired(history, options.retentionMs)).toBe(false)
    expect(featuresOf(folded ?? log, began + 84 * dayMs)).toEqual(featuresOf(log, began + 84 * dayMs))
  })

  test('is known again when it is delivered again', () => {
    const log = daily(84)
    const again = Buffer.concat([fold(log, options) ?? log, daily(30)])
    expect(createHistory(again).payments).toBe(41)
  })

  test('is noticed among events, where there are no payments', () => {
    const log = Buffer.concat(list(90, (n) => failedLogin(n, began + n * dayMs)))
    expect(isHalfExpired(createHistory(log), options.retentionMs)).toBe(true)
    const folded = fold(log, options)
    expect(isHalfExpired(createHistory(folded ?? log), options.retentionMs)).toBe(false)
    expect(folded?.byteLength).toBeLessThan(log.byteLength * 0.75)
  })

  test('does not depend on the time that a label gives', () => {
    const later = list(options.notesPerKind, (n) => fraudLabel(260 + n, began + (260 + n) * dayMs))
    const log = Buffer.concat([daily(300), fraudLabel(299, began + 10_000 * dayMs), ...later])
    const folded = fold(log, options) ?? log
    expect(createHistory(folded).payments).toBe(41)
    const again = fold(Buffer.concat([folded, daily(50, 300)]), options) ?? folded
    expect(createHistory(again).payments).toBe(41)
  })
})

const step = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: dayMs }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 5 * dayMs }) },
  { weight: 1, arbitrary: fc.integer({ min: 38 * dayMs, max: 42 * dayMs }) },
)
/** Up to a day late. */
const happened = fc.record({ step, lateMs: fc.integer({ min: 0, max: dayMs - 1 }), isLogin: fc.boolean() })
type Happened = { readonly step: number; readonly lateMs: number; readonly isLogin: boolean }

test('up to 160 payments and 32 events, folds at any points change no feature, for payments that come a day late too', () => {
  const growing = (happenings: readonly Happened[], everyRecords: number): { log: Buffer; whole: Buffer } => {
    let [log, whole] = [Buffer.alloc(0), Buffer.alloc(0)]
    let at = began
    happenings.forEach(({ step: passed, lateMs, isLogin }, id) => {
      at += passed
      const bytes = isLogin ? failedLogin(id, at - lateMs) : payment(id, at - lateMs)
      log = Buffer.concat([log, bytes])
      whole = Buffer.concat([whole, bytes])
      if (id % everyRecords === 0) log = Buffer.from(fold(log, options) ?? log)
    })
    return { log, whole }
  }
  fc.assert(
    fc.property(
      fc.array(happened, { minLength: 1, maxLength: 60, size: 'max' }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: dayMs - 1 }),
      (happenings, every, lateMs) => {
        const { log, whole } = growing(happenings, every)
        const newest = began + happenings.reduce((sum, { step: passed }) => sum + passed, 0)
        expect(featuresOf(log, newest - lateMs)).toEqual(featuresOf(whole, newest - lateMs))
      },
    ),
    { numRuns: 200, endOnFailure: true },
  )
})
