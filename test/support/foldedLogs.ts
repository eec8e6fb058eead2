import { expect } from 'vitest'
import { fold, type FoldOptions } from '../../src/features/fold.ts'
import { createHistory } from '../../src/features/history.ts'
import { compileFeatures } from '../../src/features/plan.ts'
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
} from '../../src/features/record.ts'
import { aReceived } from './payments.ts'

export const day = 86_400_000
export const began = Date.UTC(2026, 0, 1)
export const options: FoldOptions = {
  keep: 10,
  share: 0.1,
  retentionMs: 400 * day,
  lastSeenPerSlot: 6,
  notesPerKind: 3,
}

export type Paid = {
  readonly at: number
  readonly amount: number
  readonly device: number
  readonly outcome: OutcomeCode
}

export const record = (byteLength: number, encode: (view: DataView) => void): Uint8Array => {
  const bytes = new Uint8Array(byteLength)
  encode(new DataView(bytes.buffer))
  return bytes
}
export const hashesOf = (id: number, device: number) => ({
  idLow: id,
  idHigh: 7,
  entities: [1, 0, device, 0, 0, 0],
})
export const receivedOf = (id: number, at: number) => ({
  ...aReceived({ paymentId: `p${id}` }, id),
  effectiveAt: at,
  source: { topic: 'payments', partition: 3, offset: id, timestamp: at, headers: {} },
})
/** @param became where that is known beforehand */
export const payment = (id: number, { at, amount, device }: Paid, became?: OutcomeCode): Uint8Array =>
  record(paymentRecordBytes, (view) =>
    encodePaymentRecord(view, 0, receivedOf(id, at), hashesOf(id, device), amount, became),
  )
export const outcome = (id: number, { at, outcome: told }: Paid): Uint8Array =>
  record(outcomeRecordBytes, (view) =>
    encodeOutcomeRecord(view, 0, {
      idLow: id,
      idHigh: 7,
      attempt: 1,
      content: contentBits(aReceived().contentHash),
      outcome: told,
      effectiveAt: at,
      partition: 3,
      offset: id,
    }),
  )
/** What became of the payment elsewhere. */
export const feedback = (
  id: number,
  { at }: Pick<Paid, 'at'>,
  outcome: OutcomeCode,
  offset: number,
): Uint8Array =>
  record(outcomeRecordBytes, (view) =>
    encodeOutcomeRecord(view, 0, {
      idLow: id,
      idHigh: 7,
      attempt: 1,
      content: null,
      outcome,
      effectiveAt: at,
      partition: 3,
      offset,
    }),
  )
export const label = (
  id: number,
  at: number,
  knownAt: number,
  said: LabelCode = 'FRAUD',
  offset = id,
): Uint8Array =>
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
export const failedLogin = (id: number, at: number): Uint8Array =>
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
    `account.declined_count.${window}`,
    `account.stepup_failed.${window}`,
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
export const featuresOf = (log: Uint8Array, at: number, device: number): ReadonlyMap<string, number> => {
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

/** The log after each payment and its outcome, folded as soon as so many bytes have come since. */
export const growing = (payments: readonly Paid[], everyBytes: number): Uint8Array => {
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
export const whole = (payments: readonly Paid[]): Uint8Array =>
  Buffer.concat(payments.flatMap((each, id) => [payment(id, each), outcome(id, each)]))
