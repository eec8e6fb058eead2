import { describe, expect, test } from 'vitest'
import { fold } from '../../../../src/features/fold.ts'
import {
  began,
  day,
  featuresOf,
  label,
  options,
  outcome,
  payment,
  whole,
  type Paid,
} from '../../../support/foldedLogs.ts'

describe('what is under way while a log is folded', () => {
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
})
