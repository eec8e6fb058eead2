import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brierScore } from '../../../../src/offline/metrics/brier.ts'
import { cardPrecisionByDay, type ScoredPayment } from '../../../../src/offline/metrics/cardPrecision.ts'
import { withoutKnownFraud } from '../../../../src/offline/metrics/knownFraud.ts'
import {
  areaUnderRoc,
  averagePrecision,
  operatingPoint,
  recallAtFalsePositiveRate,
} from '../../../../src/offline/metrics/rankMetrics.ts'
import { rank } from '../../../../src/offline/metrics/ranking.ts'

const day = 86_400_000
const paid = (accountId: string, occurredAt: number, score: number, fraud = false): ScoredPayment => ({
  accountId,
  occurredAt,
  score,
  fraud,
})

describe('metrics of an order', () => {
  it('agrees with a case worked out by hand', () => {
    const ranking = rank([0.9, 0.8, 0.7, 0.6, 0.5], [1, 0, 1, 0, 0])
    expect(areaUnderRoc(ranking)).toBeCloseTo(5 / 6, 12)
    expect(averagePrecision(ranking)).toBeCloseTo((1 + 2 / 3) / 2, 12)
    expect(recallAtFalsePositiveRate(ranking, 0.3)).toBe(0.5)
    expect(operatingPoint(ranking, 0.34)).toEqual({ score: 0.7, recall: 1, falsePositiveRate: 1 / 3 })
  })

  it('lets equal scores in together', () => {
    const ranking = rank([1, 1, 1, 1], [1, 0, 0, 1])
    expect(areaUnderRoc(ranking)).toBe(0.5)
    expect(averagePrecision(ranking)).toBe(0.5)
    expect(operatingPoint(ranking, 0.5)).toEqual({ score: Infinity, recall: 0, falsePositiveRate: 0 })
  })

  it('has no answer without frauds, and refuses a score that is not a number', () => {
    expect(areaUnderRoc(rank([1, 2], [0, 0]))).toBeNaN()
    expect(averagePrecision(rank([1, 2], [0, 0]))).toBeNaN()
    expect(() => rank([1, NaN], [0, 1])).toThrow(RangeError)
    expect(() => rank([1], [0, 1])).toThrow(RangeError)
  })

  it('brier', () => {
    expect(brierScore([1, 0, 0.5], [1, 1, 0])).toBeCloseTo(1.25 / 3, 12)
  })
})

describe('card precision', () => {
  it('takes the highest score of an account and day, and each found account once', () => {
    const payments = [
      paid('a', 1, 0.2),
      paid('a', 2, 0.9, true),
      paid('b', 3, 0.8),
      paid('c', 4, 0.7, true),
      paid('a', day + 1, 0.99, true),
      paid('c', day + 2, 0.5, true),
      paid('b', day + 3, 0.1),
    ]
    // Day one: a and b are on top, a is a hit. Day two: a has left; c and b remain, c is a hit.
    expect(cardPrecisionByDay(payments, 2)).toEqual([0.5, 0.5])
  })
})

describe('accounts known as defrauded', () => {
  const label = { accountId: 'a', occurredAt: day, fraud: true, knownAt: 3 * day }
  const kept = (since: number): readonly number[] =>
    withoutKnownFraud(
      [paid('a', 3 * day - 1, 1), paid('a', 3 * day, 1), paid('a', 4 * day, 1)],
      [label],
      since,
    ).map((payment) => payment.occurredAt / day)

  it('leave on the first day that begins after the fraud was known', () => {
    expect(kept(0)).toEqual([3 - 1 / day, 3])
  })

  it('stay if the fraud was earlier than asked for', () => {
    expect(kept(day + 1)).toHaveLength(3)
  })
})

describe('properties', () => {
  const scored = fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.boolean()), {
    minLength: 2,
    maxLength: 40,
  })

  it('the area equals the share of pairs in the right order', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const frauds = rows.filter(([, fraud]) => fraud)
        const goods = rows.filter(([, fraud]) => !fraud)
        fc.pre(frauds.length > 0 && goods.length > 0)
        let pairs = 0
        for (const [high] of frauds)
          for (const [low] of goods) pairs += high > low ? 1 : high === low ? 0.5 : 0
        const ranking = rank(
          rows.map(([score]) => score),
          rows.map(([, fraud]) => (fraud ? 1 : 0)),
        )
        expect(areaUnderRoc(ranking)).toBeCloseTo(pairs / (frauds.length * goods.length), 10)
      }),
    )
  })

  it('average precision equals the sum over thresholds, each counted from scratch', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const frauds = rows.filter(([, fraud]) => fraud).length
        fc.pre(frauds > 0)
        let naive = 0
        let recallBefore = 0
        for (let threshold = 8; threshold >= 0; threshold--) {
          const stopped = rows.filter(([score]) => score >= threshold)
          const hits = stopped.filter(([, fraud]) => fraud).length
          if (hits === 0) continue
          naive += (hits / frauds - recallBefore) * (hits / stopped.length)
          recallBefore = hits / frauds
        }
        const ranking = rank(
          rows.map(([score]) => score),
          rows.map(([, fraud]) => (fraud ? 1 : 0)),
        )
        expect(averagePrecision(ranking)).toBeCloseTo(naive, 10)
      }),
    )
  })
})
