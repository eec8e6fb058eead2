import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rank } from '../../../../src/offline/metrics/ranking.ts'
import { chooseThreshold } from '../../../../src/offline/training/chooseThreshold.ts'
import type { ThresholdRule } from '../../../../src/offline/training/thresholdRules.ts'

const payments = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom(0, 1)), { minLength: 2, maxLength: 40 })
  .filter((all) => new Set(all.map(([, fraud]) => fraud)).size === 2)

type Payments = readonly (readonly [number, number])[]

/** Tries every score, and stopping nothing. */
const naive = (all: Payments, isBetter: (stopped: Payments, than: Payments) => boolean): Payments =>
  [...new Set(all.map(([score]) => score))]
    .map((threshold) => all.filter(([score]) => score >= threshold))
    .toSorted((a, b) => a.length - b.length)
    .reduce<Payments>((best, stopped) => (isBetter(stopped, best) ? stopped : best), [])

const frauds = (some: Payments): number => some.filter(([, fraud]) => fraud === 1).length
const goods = (some: Payments): number => some.length - frauds(some)

const same = (
  rule: ThresholdRule,
  days: number,
  isBetter: (all: Payments) => (a: Payments, b: Payments) => boolean,
) =>
  fc.assert(
    fc.property(payments, (all) => {
      const ranking = rank(
        all.map(([score]) => score),
        all.map(([, fraud]) => fraud),
      )
      const found = chooseThreshold(ranking, rule, days)
      const expected = naive(all, isBetter(all))
      expect(found.recall).toBeCloseTo(frauds(expected) / frauds(all), 12)
      expect(found.goodStoppedShare).toBeCloseTo(goods(expected) / goods(all), 12)
      expect(all.filter(([score]) => score >= found.score)).toEqual(expected)
    }),
  )

describe('a threshold is the one that trying all of them finds', () => {
  it('for a share of good payments', () =>
    same({ goodStoppedShare: 0.3 }, 1, (all) => (stopped) => goods(stopped) <= 0.3 * goods(all)))
  it('for a share of all payments', () =>
    same({ stoppedShare: 0.4 }, 1, (all) => (stopped) => stopped.length <= 0.4 * all.length))
  it('for reviews a day', () => same({ reviewsPerDay: 2.5 }, 3, () => (stopped) => stopped.length <= 7.5))
  it('for costs', () => {
    const cost = { review: 1, goodStopped: 2, fraudMissed: 5 }
    const costOf = (all: Payments, stopped: Payments): number =>
      stopped.length + 2 * goods(stopped) + 5 * (frauds(all) - frauds(stopped))
    same({ cost }, 1, (all) => (a, b) => costOf(all, a) < costOf(all, b))
  })
})
