import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { neverTold } from '../../../src/features/columns.ts'
import { fold, type FoldOptions } from '../../../src/features/fold.ts'
import { createHistory, firstPosition } from '../../../src/features/history.ts'
import { compileFeatures } from '../../../src/features/plan.ts'
import {
  contentBits,
  encodeEventRecord,
  encodeLabelRecord,
  encodeOutcomeRecord,
  encodePaymentRecord,
  eventRecordBytes,
  labelRecordBytes,
  outcomeRecordBytes,
  paymentRecordBytes,
  type LabelCode,
  type OutcomeCode,
} from '../../../src/features/record.ts'
import { allowedFromOf } from '../../support/columns.ts'
import { aReceived } from '../../support/payments.ts'

const day = 86_400_000
const began = Date.UTC(2026, 0, 1)
const options: FoldOptions = {
  keep: 10,
  share: 0.1,
  retentionMs: 400 * day,
  lastSeenPerSlot: 6,
  notesPerKind: 3,
}

type Paid = {
  readonly at: number
  readonly amount: number
  readonly device: number
  readonly outcome: OutcomeCode
}

const record = (byteLength: number, encode: (view: DataView) => void): Uint8Array => {
  const bytes = new Uint8Array(byteLength)
  encode(new DataView(bytes.buffer))
  return bytes
}
const hashesOf = (id: number, device: number) => ({ idLow: id, idHigh: 7, entities: [1, 0, device, 0, 0, 0] })
const receivedOf = (id: number, at: number) => ({
  ...aReceived({ paymentId: `p${id}` }, id),
  effectiveAt: at,
  source: { topic: 'payments', partition: 3, offset: id, timestamp: at, headers: {} },
})
const payment = (id: number, { at, amount, device }: Paid): Uint8Array =>
  record(paymentRecordBytes, (view) =>
    encodePaymentRecord(view, 0, receivedOf(id, at), hashesOf(id, device), amount),
  )
const outcome = (id: number, { at, outcome: told }: Paid): Uint8Array =>
  record(outcomeRecordBytes, (view) =>
    encodeOutcomeRecord(view, 0, {
      idLow: id,
      idHigh: 7,
      attempt: 1,
      content: null,
      outcome: told,
      effectiveAt: at,
      partition: 3,
      offset: id,
    }),
  )
const label = (id: number, at: number, knownAt: number, said: LabelCode = 'FRAUD', offset = id): Uint8Array =>
  record(labelRecordBytes, (view) =>
    encodeLabelRecord(view, 0, {
      idLow: id,
      idHigh: 7,
      label: said,
      knownAt,
      occurredAt: at,
      partition: 1,
      offset,
    }),
  )
const failedLogin = (id: number, at: number): Uint8Array =>
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

const windows = ['10m', '1h', '24h', '7d', '30d'] as const
const names = [
  ...windows.flatMap((window) => [
    `account.count.${window}`,
    `account.sum.${window}`,
    `account.mean.${window}`,
    `account.accepted_count.${window}`,
    `account.blocked_count.${window}`,
    `account.login_failed.${window}`,
  ]),
  'account.since_last',
  'account_device.is_new',
  'account_device.since_last',
  'account.distinct_device.1h',
  'account.distinct_device.30d',
  'account.max.300d',
  'account.stddev.300d',
  'account.same_amount_count.300d',
  'account.fraud_count.300d',
  'account.count.300d',
  'account.sum.300d',
  'account.login_failed.300d',
  'account.since_password_changed',
  'account_device.count.300d',
]
const plan = compileFeatures(names, { retentionMs: options.retentionMs })

/** The features of a payment at `at` that sees the whole log. */
const featuresOf = (log: Uint8Array, at: number, device: number): ReadonlyMap<string, number> => {
  const history = createHistory(log)
  const row = new Float64Array(names.length)
  const view = { history, before: history.byteLength }
  const degraded = plan.compute(
    {
      received: receivedOf(999_999, at),
      hashes: hashesOf(999_999, device),
      amountBase: 50,
      views: [view, null, null, null, null, null],
      coveredSince: [0, Infinity, Infinity, Infinity, Infinity, Infinity],
      device: null,
    },
    row,
  )
  expect(degraded).toEqual([])
  return new Map(names.map((name, i) => [name, row[i] ?? NaN]))
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 60_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 3_600_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 * day }) },
)
const amount = fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 100_000_000 }))
const told = fc.constantFrom<OutcomeCode>('ALLOW', 'ALLOW', 'ALLOW', 'BLOCK', 'STEP_UP', 'DECLINED')
const paid = fc.record({ step, amount, device: fc.integer({ min: 1, max: 12 }), outcome: told })
const history = fc.array(paid, { minLength: 1, maxLength: 300, size: 'max' })

const timed = (steps: readonly (Omit<Paid, 'at'> & { readonly step: number })[]): readonly Paid[] => {
  let at = began
  return steps.map(({ step: passed, ...rest }) => ({ ...rest, at: (at += passed) }))
}

/** The log after each payment and its outcome, folded as soon as so many bytes have come since. */
const growing = (payments: readonly Paid[], everyBytes: number): Uint8Array => {
  let log: Uint8Array = new Uint8Array(0)
  let foldedLength = 0
  payments.forEach((each, id) => {
    log = Buffer.concat([log, payment(id, each), outcome(id, each)])
    if (log.byteLength - foldedLength < everyBytes) return
    log = fold(log, options) ?? log
    foldedLength = log.byteLength
  })
  return log
}
const whole = (payments: readonly Paid[]): Uint8Array =>
  Buffer.concat(payments.flatMap((each, id) => [payment(id, each), outcome(id, each)]))

describe('a folded log', () => {
  const many = Array.from({ length: 400 }, (_, i): Paid => ({
    at: began + i * 3_600_000,
    amount: 100 + (i % 7),
    device: 1 + (i % 3),
    outcome: 'ALLOW',
  }))

  test('is much shorter, and its length differs from that of one that was never folded', () => {
    const folded = fold(whole(many), options)
    expect(folded?.byteLength).toBeLessThan(whole(many).byteLength / 4)
    expect((folded?.byteLength ?? 0) % 8).toBe(1)
  })

  test('keeps the newest payments with what became of them', () => {
    const folded = createHistory(fold(whole(many), options) ?? undefined)
    expect([folded.payments, folded.folded?.generation]).toEqual([options.keep, 1])
    const content = contentBits(aReceived().contentHash)
    const isKept = (id: number): boolean =>
      firstPosition(folded, { idLow: id, idHigh: 7, attempt: 1, content }) >= 0
    expect([389, 390, 399].map(isKept)).toEqual([false, true, true])
    expect(allowedFromOf(folded)).not.toContain(neverTold)
  })

  test('does not count what is delivered again', () => {
    const folded = fold(whole(many), options) ?? new Uint8Array(0)
    const again = Buffer.concat([folded, ...many.map((each, id) => payment(id, each))])
    const at = began + 400 * 3_600_000
    expect(featuresOf(again, at, 1)).toEqual(featuresOf(folded, at, 1))
  })

  test('is bounded: ten times as many payments take little more', () => {
    const burst = (count: number): Uint8Array =>
      growing(
        Array.from({ length: count }, (_, i) => ({
          at: began + i * 10,
          amount: 1 + (i % 1000),
          device: i,
          outcome: 'ALLOW' as const,
        })),
        20_000,
      )
    const [short, long] = [burst(2_000).byteLength, burst(20_000).byteLength]
    expect(long).toBeLessThan(short * 2)
    expect(long).toBeLessThan(45_000)
  })

  test('estimates no more different partners in an hour than paid in it, however many were met before', () => {
    const everyMinute = Array.from({ length: 3_000 }, (_, i): Paid => ({
      at: began + i * 60_000,
      amount: 1,
      device: i + 1,
      outcome: 'ALLOW',
    }))
    const found = featuresOf(growing(everyMinute, 5_000), began + 3_000 * 60_000, 3_001)
    const inAnHour = 60
    expect(found.get('account.distinct_device.1h')).toBeGreaterThanOrEqual(inAnHour / 2)
    expect(found.get('account.distinct_device.1h')).toBeLessThanOrEqual(inAnHour * (1 + options.share) + 1)
  })

  test('bounds what waits for payments that are folded already', () => {
    const told = many.map((each, id) =>
      outcome(id, { ...each, at: began + 400 * 3_600_000, outcome: 'DECLINED' }),
    )
    const folded = fold(whole(many), options) ?? new Uint8Array(0)
    const waiting = Buffer.concat([folded, ...told])
    // And a byte of padding more.
    const most = folded.byteLength + (8 + 1) * options.keep * outcomeRecordBytes + 1
    expect(waiting.byteLength).toBeGreaterThan(most)
    expect(fold(waiting, options)?.byteLength).toBeLessThanOrEqual(most)
  })

  test('bounds what is noted beside payments', () => {
    let log: Uint8Array = payment(0, { at: began, amount: 1, device: 1, outcome: 'ALLOW' })
    for (let n = 0; n < 100; n++) {
      const logins = Array.from({ length: 50 }, (_, i) =>
        failedLogin(n * 50 + i, began + n * 5_000 + i * 100),
      )
      log = Buffer.concat([log, ...logins])
      log = fold(log, options) ?? log
    }
    expect(log.byteLength).toBeLessThan(12_000)
    const failed = featuresOf(log, began + 600_000, 1).get('account.login_failed.30d') ?? NaN
    expect(Math.abs(failed - 5_000)).toBeLessThanOrEqual(options.share * 5_000)
  })

  test('remembers frauds among what it folds', () => {
    const labels = [3, 50, 90].map((id) => label(id, many[id]?.at ?? 0, began + 30 * day))
    const log = fold(Buffer.concat([whole(many), ...labels]), { ...options, notesPerKind: 1 })
    expect(featuresOf(log ?? new Uint8Array(0), began + 40 * day, 1).get('account.fraud_count.300d')).toBe(3)
  })
})

describe('what a newer Sluice writes', () => {
  const many = Array.from({ length: 60 }, (_, n): Paid => ({
    at: began + n * 60_000,
    amount: 10,
    device: 1,
    outcome: 'ALLOW',
  }))
  const coded = (bytes: Uint8Array, code: number): Uint8Array => {
    bytes[2] = code
    return bytes
  }
  const unknownKind = Uint8Array.from({ length: 48 }, (_, at) => (at === 0 ? (9 << 4) | 3 : at === 1 ? 6 : 7))
  const unknownCodes = [coded(label(7, began, began), 200), coded(failedLogin(8, began), 201)]
  const newer = [unknownKind, ...unknownCodes].map((bytes) => Buffer.from(bytes))
  const withNewer = Buffer.concat([unknownKind, whole(many), ...unknownCodes])

  test('is kept by a fold as it stands, and changes nothing for those who do not know it', () => {
    const folded = fold(withNewer, options) ?? new Uint8Array(0)
    for (const bytes of newer) expect(Buffer.from(folded).includes(bytes)).toBe(true)
    const at = began + 3_600_000
    expect(featuresOf(folded, at, 1)).toEqual(featuresOf(fold(whole(many), options) ?? folded, at, 1))
    const again = fold(Buffer.concat([folded, whole(many.slice(0, 3))]), options) ?? new Uint8Array(0)
    for (const bytes of newer) expect(Buffer.from(again).includes(bytes)).toBe(true)
  })

  test('is not folded where it must be understood', () => {
    const payments = whole(many)
    payments[0] = (1 << 4) | 2
    expect(() => fold(payments, options)).toThrow(expect.objectContaining({ code: 'HISTORY_FORMAT_UNKNOWN' }))
  })

  test('reads what the version before has folded', () => {
    const folded = Buffer.from(fold(whole(many), options) ?? [])
    const header = Buffer.from(folded.subarray(0, 88))
    header[0] = (15 << 4) | 1
    header[1] = 11
    const before = Buffer.concat([header, folded.subarray(104)])
    const at = began + 3_600_000
    expect(featuresOf(before, at, 1)).toEqual(featuresOf(folded, at, 1))
    const again = Buffer.concat([before, whole(many)])
    expect(featuresOf(again, at, 1)).toEqual(featuresOf(folded, at, 1))
  })
})

describe('what comes around a fold', () => {
  const at = (n: number): number => began + n * 60_000
  const count = (log: Uint8Array | null, name: string): number | undefined =>
    featuresOf(log ?? new Uint8Array(0), began + 40 * day, 1).get(name)

  test('an outcome that is under way finds its payment', () => {
    const burst = Array.from({ length: 60 }, (_, n): Paid => ({
      at: began + n,
      amount: 10,
      device: 1,
      outcome: 'ALLOW',
    }))
    const paid = Buffer.concat(burst.map((each, id) => payment(id, each)))
    const folded = fold(paid, options) ?? paid
    const told = Buffer.concat([folded, ...burst.map((each, id) => outcome(id, each))])
    expect(featuresOf(told, began + 60_000, 1).get('account.accepted_count.1h')).toBe(60)
  })

  test('a fraud that was cleared stays cleared', () => {
    const many = Array.from({ length: 60 }, (_, n): Paid => ({
      at: at(n),
      amount: 10,
      device: 1,
      outcome: 'ALLOW',
    }))
    const labels = [
      label(1, at(1), at(100)),
      label(1, at(1), at(101), 'GENUINE', 90),
      ...[5, 6, 7, 8, 9].map((id) => label(id, at(id), at(110 + id), 'GENUINE', 91 + id)),
    ]
    const log = Buffer.concat([whole(many), ...labels])
    expect(count(log, 'account.fraud_count.300d')).toBe(0)
    expect(count(fold(log, options), 'account.fraud_count.300d')).toBe(0)
  })

  test('labels and events that are delivered again count once', () => {
    const many = Array.from({ length: 60 }, (_, n): Paid => ({
      at: at(n),
      amount: 10,
      device: 1,
      outcome: 'ALLOW',
    }))
    const noted = Buffer.concat(
      many.slice(0, 40).flatMap((each, id) => [label(id, each.at, at(100)), failedLogin(id, each.at)]),
    )
    const folded = fold(Buffer.concat([whole(many), noted]), options) ?? new Uint8Array(0)
    const again = Buffer.concat([folded, noted])
    expect(count(again, 'account.fraud_count.300d')).toBe(40)
    expect(count(again, 'account.login_failed.30d')).toBe(count(folded, 'account.login_failed.30d'))
  })

  test('frequent events that are delivered again count once beside a rare one that stays', () => {
    const rare = record(eventRecordBytes, (view) =>
      encodeEventRecord(view, 0, {
        idLow: 1,
        idHigh: 1,
        kind: 'PASSWORD_CHANGED',
        effectiveAt: at(0),
        partition: 1,
        offset: 0,
      }),
    )
    const frequent = Array.from({ length: 400 }, (_, n) => failedLogin(n + 1, at(n)))
    const folded = fold(Buffer.concat([rare, ...frequent]), options)
    expect(count(folded, 'account.login_failed.300d')).toBeGreaterThan(350)
    expect(count(folded, 'account.since_password_changed')).toBeGreaterThan(0)
    const again = Buffer.concat([folded ?? new Uint8Array(0), rare, ...frequent])
    expect(count(again, 'account.login_failed.300d')).toBe(count(folded, 'account.login_failed.300d'))
  })

  test('an outcome that is under way finds its payment also where that came late', () => {
    const blocked: Paid = { at: at(0), amount: 10, device: 1, outcome: 'BLOCK' }
    const now = Buffer.concat([payment(1_000, blocked), outcome(1_000, blocked)])
    const late = Array.from({ length: 60 }, (_, n): Paid => ({
      at: at(0) - 5 * day + n,
      amount: 10,
      device: 1,
      outcome: 'ALLOW',
    }))
    const paidLate = Buffer.concat([now, ...late.map((each, id) => payment(id, each))])
    const folded = fold(paidLate, options) ?? paidLate
    const toldLate = Buffer.concat([folded, ...late.map((each, id) => outcome(id, each))])
    expect(featuresOf(toldLate, at(1), 1).get('account.accepted_count.7d')).toBe(60)
  })

  test('a pair that was forgotten and is met again is not counted short', () => {
    const met = (device: number, n: number): Paid => ({ at: at(n), amount: 10, device, outcome: 'ALLOW' })
    const all = [
      ...[1, 1, 1, 1].map((device, n) => met(device, n)),
      ...Array.from({ length: 30 }, (_, n) => met(2 + n, 10 + n)),
      met(1, 50),
      ...Array.from({ length: 12 }, (_, n) => met(40, 60 + n)),
    ]
    let log = fold(whole(all.slice(0, 30)), options) ?? new Uint8Array(0)
    const rest = all.slice(30).flatMap((each, n) => [payment(30 + n, each), outcome(30 + n, each)])
    log = fold(Buffer.concat([log, ...rest]), options) ?? log
    expect(count(log, 'account_device.count.300d')).toBeNaN()
    expect(count(log, 'account_device.is_new')).toBe(0)
  })

  test('when a late payment had its latest before it is not guessed', () => {
    const all = Array.from({ length: 60 }, (_, n): Paid => ({
      at: at(n),
      amount: 10,
      device: 1 + (n % 3),
      outcome: 'ALLOW',
    }))
    const log = fold(whole(all), options) ?? new Uint8Array(0)
    const late = featuresOf(log, at(20.5), 3)
    expect(late.get('account_device.is_new')).toBe(0)
    expect(late.get('account_device.since_last')).toBeNaN()
    expect(featuresOf(log, at(60), 3).get('account_device.since_last')).toBe(60)
  })

  test('a window of a late payment that reaches what is gone is unknown', () => {
    const all = Array.from({ length: 60 }, (_, n): Paid => ({
      at: began + n * 10 * day,
      amount: 10,
      device: 1,
      outcome: 'ALLOW',
    }))
    const log = fold(whole(all), options) ?? new Uint8Array(0)
    const newest = began + 590 * day
    expect(featuresOf(log, newest, 1).get('account.count.300d')).toBe(31)
    const late = featuresOf(log, newest - 200 * day, 1)
    expect(late.get('account.count.300d')).toBeNaN()
    expect(late.get('account.count.30d')).not.toBeNaN()
    expect(late.get('account_device.is_new')).toBe(0)
  })

  test('a topic that was made anew begins again', () => {
    const many = Array.from({ length: 60 }, (_, n): Paid => ({
      at: at(n),
      amount: 10,
      device: 1,
      outcome: 'ALLOW',
    }))
    const folded = fold(whole(many), options) ?? new Uint8Array(0)
    const later = Buffer.concat(
      [0, 1, 2].map((offset) =>
        record(paymentRecordBytes, (view) =>
          encodePaymentRecord(
            view,
            0,
            { ...receivedOf(offset, at(1_000)) },
            { ...hashesOf(5_000 + offset, 1) },
            10,
          ),
        ),
      ),
    )
    const before = count(folded, 'account.count.300d') ?? NaN
    expect(count(Buffer.concat([folded, later]), 'account.count.300d')).toBe(before + 3)
  })

  test('a pair counts as often whatever else is asked of it', () => {
    const many = Array.from({ length: 60 }, (_, n): Paid => ({
      at: at(n),
      amount: 10,
      device: 1,
      outcome: 'ALLOW',
    }))
    const log = fold(whole(many), options) ?? new Uint8Array(0)
    const asked = ['account_device.count.300d', 'account_device.sum.300d', 'account_device.night_share.300d']
    const pairs = compileFeatures(asked, { retentionMs: options.retentionMs })
    const row = new Float64Array(3)
    const held = createHistory(log)
    pairs.compute(
      {
        received: receivedOf(999, began + 2 * day),
        hashes: hashesOf(999, 1),
        amountBase: 1,
        views: [{ history: held, before: held.byteLength }, null, null, null, null, null],
        coveredSince: [0, Infinity, Infinity, Infinity, Infinity, Infinity],
        device: null,
      },
      row,
    )
    expect([...row]).toEqual([61, NaN, NaN])
  })
})

test('windows over a folded log are within the share, and what is known exactly is exact', () => {
  const everyBytes = fc.integer({ min: 1_500, max: 12_000 })
  fc.assert(
    fc.property(history, everyBytes, step, fc.integer({ min: 1, max: 13 }), (steps, every, later, device) => {
      const payments = timed(steps)
      const at = (payments.at(-1)?.at ?? began) + later
      const exact = featuresOf(whole(payments), at, device)
      const folded = featuresOf(growing(payments, every), at, device)
      for (const [name, value] of exact) {
        const found = folded.get(name) ?? NaN
        if (/^account\.(count|sum|accepted_count|blocked_count)\./.test(name))
          expect(Math.abs(found - value), name).toBeLessThanOrEqual(options.share * Math.abs(value) + 1e-6)
        else if (name.includes('.mean.'))
          expect(Math.abs(found - value), name).toBeLessThanOrEqual(
            (options.share / (1 - options.share)) * Math.abs(value) + 1e-6,
          )
        else if (name === 'account.since_last' || name.startsWith('account_device.')) {
          if (!Number.isNaN(found)) expect(found, name).toBe(value)
        }
      }
    }),
    { numRuns: 150, endOnFailure: true },
  )
})
