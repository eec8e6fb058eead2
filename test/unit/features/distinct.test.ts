import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDistinctCounter } from '../../../src/features/distinct.ts'

test('counts each hash in every window that holds it', () => {
  const counter = createDistinctCounter(3)
  counter.begin()
  counter.see(7, 2)
  counter.see(8, 1)
  counter.see(7, 0)
  counter.end(() => 0)
  expect([...counter.counts]).toEqual([1, 2, 2])
})

test('forgets what it saw before', () => {
  const counter = createDistinctCounter(1)
  for (const hash of [1, 2]) {
    counter.begin()
    counter.see(hash, 0)
    counter.end(() => 0)
    expect([...counter.counts]).toEqual([1])
  }
})

test('estimates no more than there are records', () => {
  const counter = createDistinctCounter(3)
  counter.begin()
  counter.see(7, 0)
  counter.see(8, 1)
  counter.estimate(100, 1)
  counter.end((window) => [9, 40, 400][window] ?? NaN)
  expect([...counter.counts]).toEqual([1, 40, 102])
})

test('counts like a set, whatever it saw in the rounds before', () => {
  const seen = fc.array(
    fc.record({
      hash: fc.integer({ min: 1, max: 300 }).map((n) => n * 2 ** 20 + (n % 3)),
      window: fc.nat(4),
    }),
    { maxLength: 200, size: 'max' },
  )
  fc.assert(
    fc.property(fc.array(seen, { minLength: 1, maxLength: 4 }), (rounds) => {
      const counter = createDistinctCounter(5)
      for (const round of rounds) {
        counter.begin()
        for (const { hash, window } of round) counter.see(hash, window)
        counter.end(() => 0)
        const expected = [0, 1, 2, 3, 4].map(
          (longest) => new Set(round.filter(({ window }) => window <= longest).map(({ hash }) => hash)).size,
        )
        expect([...counter.counts]).toEqual(expected)
      }
    }),
  )
})
