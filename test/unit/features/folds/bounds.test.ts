import { describe, expect, test } from 'vitest'
import { fold } from '../../../../src/features/fold.ts'
import { outcomeRecordBytes } from '../../../../src/features/record.ts'
import {
  began,
  failedLogin,
  featuresOf,
  growing,
  options,
  outcome,
  payment,
  whole,
  type Paid,
} from '../../../support/foldedLogs.ts'

describe('a folded log', () => {
  const many = Array.from({ length: 400 }, (_, i): Paid => ({
    at: began + i * 3_600_000,
    amount: 100 + (i % 7),
    device: 1 + (i % 3),
    outcome: 'ALLOW',
  }))

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
})
