import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bucketOfOne, type Bucket } from '../../../src/features/bucket.ts'
import { condense } from '../../../src/features/condense.ts'
import { placeOf } from '../../../src/features/foldedWalk.ts'

const one = (at: number, amount = 1): Bucket => bucketOfOne(0, at, amount)
const times = (count: number, from: number): readonly Bucket[] =>
  Array.from({ length: count }, (_, n) => one(from + n))
const spans = (buckets: readonly Bucket[]) => buckets.map(({ from, to, count }) => [from, to, count])

describe('buckets', () => {
  test('become one while they are light against what is newer', () => {
    expect(spans(condense([one(1), one(2)], times(20, 10), 0.1))).toEqual([[1, 2, 2]])
    expect(spans(condense([one(1), one(2)], times(19, 10), 0.1))).toHaveLength(2)
  })
  test('of one moment are one, as no window cuts them', () => {
    expect(spans(condense([one(1), one(5), one(1)], [], 0.1))).toEqual([
      [1, 1, 2],
      [5, 5, 1],
    ])
  })
  test('are not light for being few, if their amounts are high', () => {
    expect(condense([one(1, 30), one(2, 30)], times(20, 10), 0.1)).toHaveLength(2)
  })
  test('are not light for the squares of one high amount after them', () => {
    const newer = [...times(100, 100).map(({ from }) => one(from, 0)), one(300, 100)]
    const older = Array.from({ length: 10 }, (_, n) => one(n, 10))
    for (const { sum } of condense(older, newer, 0.1)) expect(sum).toBeLessThanOrEqual(10)
  })
  test('do not take what is kept but older for newer', () => {
    expect(condense([one(100), one(101)], times(50, 1), 0.1)).toHaveLength(2)
  })
  test('that lie over one another are weighed together', () => {
    const wide = { ...one(0), from: 0, to: 100, count: 10, sum: 10 }
    const inside = [one(50), one(51)]
    expect(spans(condense([wide, ...inside], times(100, 200), 0.1))).toHaveLength(3)
    expect(spans(condense([wide, ...inside], times(120, 200), 0.1)).length).toBeLessThan(3)
  })
})

test.each([
  ['in order', 0, 220],
  ['late', 10, 700],
] as const)('are few, whatever the number of records that come %s', (_, lateDays, most) => {
  const noise = (n: number): number => Math.abs(Math.sin(n * 12.9898) * 43_758.5453) % 1
  const all = Array.from({ length: 30_000 }, (__, n) =>
    one(n * 1_000 - noise(n) * lateDays * 86_400_000, 100),
  )
  let buckets: readonly Bucket[] = []
  for (let until = 352; until + 160 <= all.length; until += 352) {
    buckets = condense([...buckets, ...all.slice(until - 352, until)], all.slice(until, until + 160), 0.047)
    expect(buckets.length).toBeLessThan(most)
  }
})

/** Records as they come, of any age; after some of them all but the newest ones are folded. */
const anyArrivals = fc.noBias(
  fc.array(
    fc.record({
      lateBy: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 300 }) },
      ),
      amount: fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: 1, max: 3 }) },
        { weight: 1, arbitrary: fc.double({ min: 0, max: 9, noNaN: true }).map((power) => 10 ** power) },
      ),
      folds: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
    { minLength: 1, maxLength: 300, size: 'max' },
  ),
)

test('whatever comes and whenever it is folded, a window that begins anywhere is off by at most the share', () => {
  const [share, keep] = [0.2, 8]
  fc.assert(
    fc.property(anyArrivals, (arrivals) => {
      const all = arrivals.map(({ lateBy, amount }, now) => one(now - lateBy, amount))
      let buckets: readonly Bucket[] = []
      let folded = 0
      arrivals.forEach(({ folds }, now) => {
        const until = now + 1 - keep
        if (!folds || until <= folded) return
        buckets = condense([...buckets, ...all.slice(folded, until)], all.slice(until, now + 1), share)
        folded = until
      })
      const found = [...buckets, ...all.slice(folded)]
      const total = (some: readonly Bucket[], of: 'count' | 'sum'): number =>
        some.reduce((sum, bucket) => sum + bucket[of], 0)
      for (const { from: start } of all)
        for (const of of ['count', 'sum'] as const) {
          const exact = total(
            all.filter(({ from }) => from > start),
            of,
          )
          const estimate = total(
            found.filter(({ from, to }) => placeOf(from, to) > start),
            of,
          )
          expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(share * exact + 1e-6 * exact)
        }
    }),
    { numRuns: 100, endOnFailure: true },
  )
})
