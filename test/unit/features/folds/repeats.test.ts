import { describe, expect, test } from 'vitest'
import { fold } from '../../../../src/features/fold.ts'
import {
  encodeEventRecord,
  encodePaymentRecord,
  eventRecordBytes,
  paymentRecordBytes,
} from '../../../../src/features/record.ts'
import {
  began,
  day,
  failedLogin,
  featuresOf,
  hashesOf,
  label,
  options,
  payment,
  receivedOf,
  record,
  whole,
  type Paid,
} from '../../../support/foldedLogs.ts'

describe('what is delivered again after a fold', () => {
  const at = (n: number): number => began + n * 60_000
  const count = (log: Uint8Array | null, name: string): number | undefined =>
    featuresOf(log ?? new Uint8Array(0), began + 40 * day, 1).get(name)

  const many = Array.from({ length: 400 }, (_, i): Paid => ({
    at: began + i * 3_600_000,
    amount: 100 + (i % 7),
    device: 1 + (i % 3),
    outcome: 'ALLOW',
  }))

  test('payments count once', () => {
    const folded = fold(whole(many), options) ?? new Uint8Array(0)
    const again = Buffer.concat([folded, ...many.map((each, id) => payment(id, each))])
    const at = began + 400 * 3_600_000
    expect(featuresOf(again, at, 1)).toEqual(featuresOf(folded, at, 1))
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

  const paid = Array.from({ length: 40 }, (_, n): Paid => ({
    at: at(n),
    amount: 10,
    device: 1,
    outcome: 'ALLOW',
  }))
  const foldOnce = (...told: readonly Uint8Array[]): Uint8Array => {
    const folded = fold(Buffer.concat([whole(paid), ...told]), options)
    if (folded === null) throw new Error('it was not folded')
    return folded
  }

  test('a label that another one overruled is known again, also of a payment that stays', () => {
    const overruled = label(35, at(35), at(50), 'GENUINE', 1)
    const once = foldOnce(overruled, label(35, at(35), at(51), 'FRAUD', 2))
    const again = Buffer.concat([once, ...Array.from({ length: 9 }, () => overruled)])
    const twice = fold(again, options)
    expect(twice).not.toBeNull()
    expect(count(once, 'account.fraud_count.300d')).toBe(1)
    expect(count(twice, 'account.fraud_count.300d')).toBe(1)
  })

  test.each([
    ['overruled by one of another time', 'FRAUD', 'GENUINE', 'FRAUD', 1],
    ['overruled by one that says the same', 'GENUINE', 'FRAUD', 'GENUINE', 0],
  ] as const)('a label is known again by the time that it states: %s', (_, first, second, last, frauds) => {
    const again = label(35, at(35) + 1_000, at(51), second, 2)
    const once = foldOnce(label(35, at(35), at(50), first, 1), again, label(35, at(35), at(52), last, 3))
    const twice = fold(Buffer.concat([once, ...Array.from({ length: 9 }, () => again)]), options)
    expect(twice).not.toBeNull()
    expect(count(twice, 'account.fraud_count.300d')).toBe(frauds)
  })

  test('a label that was overruled is known again where nothing is left of either', () => {
    const overruled = label(35, at(35), at(50), 'FRAUD', 1)
    const others = [36, 37, 38].map((id) => label(id, at(id), at(60), 'GENUINE', id))
    const once = foldOnce(overruled, label(35, at(35), at(51), 'GENUINE', 2), ...others)
    expect(count(once, 'account.fraud_count.300d')).toBe(0)
    expect(count(Buffer.concat([once, overruled]), 'account.fraud_count.300d')).toBe(0)
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
})
