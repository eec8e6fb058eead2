import { describe, expect, test } from 'vitest'
import { fold } from '../../../../src/features/fold.ts'
import { createHistory } from '../../../../src/features/history.ts'
import { compileFeatures } from '../../../../src/features/plan.ts'
import {
  began,
  day,
  failedLogin,
  featuresOf,
  hashesOf,
  options,
  outcome,
  payment,
  receivedOf,
  whole,
  type Paid,
} from '../../../support/foldedLogs.ts'

describe('what a fold cannot tell', () => {
  const at = (n: number): number => began + n * 60_000
  const count = (log: Uint8Array | null, name: string): number | undefined =>
    featuresOf(log ?? new Uint8Array(0), began + 40 * day, 1).get(name)

  const valuesOf = (names: readonly string[], log: Uint8Array, effectiveAt: number): readonly number[] => {
    const row = new Float64Array(names.length)
    const held = createHistory(log)
    compileFeatures(names, { retentionMs: options.retentionMs }).compute(
      {
        received: receivedOf(999, effectiveAt),
        hashes: hashesOf(999, 1),
        amountBase: 1,
        views: [{ history: held, before: held.byteLength }, null, null, null, null, null],
        coveredSince: [0, Infinity, Infinity, Infinity, Infinity, Infinity],
        device: null,
      },
      row,
    )
    return [...row]
  }

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

  test('a pair counts as often whatever else is asked of it', () => {
    const many = Array.from({ length: 60 }, (_, n): Paid => ({
      at: at(n),
      amount: 10,
      device: 1,
      outcome: 'ALLOW',
    }))
    const log = fold(whole(many), options) ?? new Uint8Array(0)
    const asked = ['account_device.count.300d', 'account_device.sum.300d', 'account_device.night_share.300d']
    expect(valuesOf(asked, log, began + 2 * day)).toEqual([61, NaN, NaN])
  })

  const many = Array.from({ length: 60 }, (_, n): Paid => ({
    at: at(n),
    amount: 10,
    device: 1 + (n % 3),
    outcome: 'ALLOW',
  }))
  const logins = Array.from({ length: 10 }, (_, n) => failedLogin(n, at(61 + n)))
  /** The last ten payments stay, from at(50) on; of the log-ins those from at(68) on. */
  const foldedWithLogins = fold(Buffer.concat([whole(many), ...logins]), options) ?? new Uint8Array(0)

  test.each([
    ['distinct_device', '@3m', [3, NaN]],
    ['since_genuine', '', [16 * 60, 16 * 60]],
    ['confirmed_reasons', '', [0, NaN]],
  ])(
    'events that are folded do not hide what the payments were that stay: %s',
    (measure, delay, expected) => {
      const asked = ['20m', '30m'].map((window) => `account.${measure}.${window}${delay}`)
      expect(valuesOf(asked, foldedWithLogins, at(75))).toEqual(expected)
    },
  )

  test('an outcome of the time of events that are folded waits for its payment', () => {
    const late: Paid = { at: at(65), amount: 10, device: 1, outcome: 'ALLOW' }
    const log = Buffer.concat([foldedWithLogins, outcome(70, late), payment(70, late)])
    const accepted = (of: Uint8Array) => valuesOf(['account.accepted_count.20m'], of, at(75))
    expect([accepted(foldedWithLogins), accepted(log)]).toEqual([[4], [5]])
  })
})
