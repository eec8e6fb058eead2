import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRng, weightedIndex, type Rng } from '../../../../src/offline/simulator/rng.ts'

const draw = (rng: Rng, count: number): readonly number[] => Array.from({ length: count }, () => rng.next())
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe('createRng', () => {
  test('the same seed gives the same numbers on every machine', () => {
    expect(draw(createRng(1), 3)).toEqual([0.7420144609641284, 0.25531799462623894, 0.5455383434891701])
  })

  test('neighbouring seeds, and seeds that agree in 32 bits, give other numbers', () => {
    const first = (seed: number): number => createRng(seed).next()
    expect(new Set([1, 2, -1, 2 ** 32 + 1, 2 ** 33 + 1].map(first)).size).toBe(5)
  })

  test('a fork goes its own way and leaves its parent on the same way', () => {
    const [a, b] = [createRng(7), createRng(7)]
    const [forkA, forkB] = [a.fork(), b.fork()]
    expect(draw(forkA, 5)).toEqual(draw(forkB, 5))
    expect(draw(a, 5)).toEqual(draw(b, 5))
    expect(forkA.next()).not.toBe(a.next())
  })

  test('means are what they should be', () => {
    const rng = createRng(3)
    const over = (make: () => number): number => mean(Array.from({ length: 20_000 }, make))
    expect(over(rng.next)).toBeCloseTo(0.5, 1)
    expect(over(rng.normal)).toBeCloseTo(0, 1)
    expect(over(() => rng.poisson(2.8))).toBeCloseTo(2.8, 1)
    expect(over(() => rng.poisson(100)) / 100).toBeCloseTo(1, 1)
    expect(over(() => rng.exponential(4)) / 4).toBeCloseTo(1, 1)
    const amounts = Array.from({ length: 2_001 }, () => rng.logNormal(50, 1)).toSorted((a, b) => a - b)
    expect((amounts[1_000] ?? 0) / 50).toBeCloseTo(1, 0)
  })

  test('nothing can be picked from nothing', () => {
    expect(() => createRng(1).pick([])).toThrow(RangeError)
  })
})

describe('weightedIndex', () => {
  test('picks in proportion', () => {
    const rng = createRng(5)
    const index = weightedIndex([1, 0, 3])
    const counts = [0, 0, 0]
    for (let i = 0; i < 8_000; i += 1) {
      const picked = index(rng)
      counts[picked] = (counts[picked] ?? 0) + 1
    }
    expect(counts[1]).toBe(0)
    expect((counts[2] ?? 0) / (counts[0] ?? 1)).toBeCloseTo(3, 0)
  })

  test('property: the index with the first running sum above the drawn share, as a plain search finds it', () => {
    const weights = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 })
      .filter((list) => list.some((w) => w > 0))
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (list, share) => {
        const target = share * list.reduce((sum, weight) => sum + weight, 0)
        let sum = 0
        const naive = list.findIndex((weight) => (sum += weight) > target)
        expect(weightedIndex(list)({ ...createRng(1), next: () => share })).toBe(naive)
      }),
    )
  })
})
