import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Baseline, baselineSchema, binOf } from '../../../src/model/baseline.ts'
import { drifted, driftText, leastCount, measureDrift } from '../../../src/model/drift.ts'
import { createDriftCounts } from '../../../src/model/driftCounts.ts'
import { fitBaseline } from '../../../src/model/fitBaseline.ts'
import { psi } from '../../../src/model/psi.ts'

const index = new Map([
  ['a', 0],
  ['b', 1],
])
const names = [...index.keys()]

/** Numbers between 0 and 1 that look like chance, and are the same each time. */
const noise = (at: number): number => ((at * 2654435761) % 4294967296) / 4294967296

const training = Array.from({ length: 4000 }, (_, at) => [noise(at), at % 4 === 0 ? 1 : 0])
const baseline = fitBaseline(
  training,
  names,
  training.map((_, at) => noise(at) ** 3),
)

const driftAfter = (rows: readonly (readonly number[])[], scores: readonly number[]) => {
  const counts = createDriftCounts({ baseline, featureIndex: index, windowMs: 1000 })
  rows.forEach((row, at) => counts.add(row, scores[at] ?? NaN, 10))
  return new Map(measureDrift(baseline, counts.read(10)).map((drift) => [drift.name, drift]))
}

describe('a baseline', () => {
  it('has ten bins of equal share for spread values, two for a yes or no', () => {
    const { a, b } = baseline.features
    expect(a?.edges).toHaveLength(9)
    for (const share of a?.shares ?? []) expect(share).toBeCloseTo(0.1, 2)
    expect(b).toEqual({ edges: [1], shares: [0.75, 0.25], unknownShare: 0 })
  })

  it('keeps a rare value above all others apart', () => {
    const rows = Array.from({ length: 1000 }, (_, at) => [at === 7 ? 1 : 0])
    expect(fitBaseline(rows, ['x'], []).features['x']).toEqual({
      edges: [1],
      shares: [0.999, 0.001],
      unknownShare: 0,
    })
  })

  it('of a constant sees any other value', () => {
    const { x } = fitBaseline([[5], [5]], ['x'], []).features
    expect(x?.shares).toEqual([0, 1, 0])
    expect([4, 5, 6].map((value) => binOf(value, x?.edges ?? []))).toEqual([0, 1, 2])
  })

  it('tells the share that is not known, and compares nothing where nothing is known', () => {
    const { x, y } = fitBaseline(
      [
        [1, NaN],
        [NaN, NaN],
      ],
      ['x', 'y'],
      [],
    ).features
    expect(x?.unknownShare).toBe(0.5)
    expect(y).toEqual({ edges: [], shares: [1], unknownShare: 1 })
  })

  it('is always one that a manifest takes, each bin filled unless the values are all equal', () => {
    const value = fc.oneof(
      fc.constantFrom(NaN, Infinity, 0, 1, -1, 5),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 60 }), (rows) => {
        const fitted = fitBaseline(
          rows,
          names,
          rows.map(([first]) => first),
        )
        expect(baselineSchema.safeParse(fitted).error).toBeUndefined()
        for (const [at, name] of names.entries()) {
          const distinct = new Set(rows.map((row) => row[at]).filter(Number.isFinite))
          const shares = fitted.features[name]?.shares ?? []
          if (distinct.size > 1) {
            expect(shares.length).toBeGreaterThan(1)
            expect(Math.min(...shares)).toBeGreaterThan(0)
          }
        }
      }),
    )
  })
})

describe('bins', () => {
  it('are those that counting finds', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -50, max: 50 })),
        fc.integer({ min: -60, max: 60 }),
        (some, value) => {
          const edges = some.toSorted((a, b) => a - b)
          expect(binOf(value, edges)).toBe(edges.filter((edge) => edge <= value).length)
        },
      ),
    )
  })
})

describe('PSI', () => {
  it('is what the formula gives by hand', () => {
    // (0.5 - 0.25) ln 2 + (0.5 - 0.75) ln(2/3)
    expect(psi([0.5, 0.5], [0.25, 0.75])).toBeCloseTo(0.25 * Math.log(2) - 0.25 * Math.log(2 / 3), 12)
  })

  const distribution = (length: number) =>
    fc
      .array(fc.integer({ min: 0, max: 100 }), { minLength: length, maxLength: length })
      .filter((all) => all.some((each) => each > 0))
      .map((all) => {
        const sum = all.reduce((total, each) => total + each, 0)
        return all.map((each) => each / sum)
      })
  const two = fc.integer({ min: 1, max: 12 }).chain((n) => fc.tuple(distribution(n), distribution(n)))

  it('is symmetric, never negative, and 0 for equal distributions', () => {
    fc.assert(
      fc.property(two, ([a, b]) => {
        expect(psi(a, b)).toBeCloseTo(psi(b, a), 9)
        expect(psi(a, b)).toBeGreaterThanOrEqual(0)
        expect(psi(a, a)).toBe(0)
        if (a.some((share, at) => Math.abs(share - (b[at] ?? NaN)) > 0.001))
          expect(psi(a, b)).toBeGreaterThan(0)
      }),
    )
  })
})

describe('drift', () => {
  const rows = training.slice(0, 1000)
  const scores = rows.map((_, at) => noise(at) ** 3)

  it('is about nothing for payments like those of the training', () => {
    const drifts = driftAfter(rows, scores)
    expect([...drifts.keys()]).toEqual(['score', 'a', 'b'])
    for (const { psi: found, count } of drifts.values()) {
      expect(found).toBeLessThan(0.01)
      expect(count).toBe(1000)
    }
    expect(drifted([...drifts.values()], 0.25)).toEqual([])
  })

  it('shows in the feature that moved, and in no other', () => {
    const moved = driftAfter(
      rows.map(([a = NaN, b = NaN]) => [a / 2, b]),
      scores,
    )
    expect(drifted([...moved.values()], 0.25).map(({ name }) => name)).toEqual(['a'])
  })

  it('shows where values are no longer known, though those that are have not moved', () => {
    const lost = driftAfter(
      rows.map(([a = NaN, b = NaN], at) => [a, at % 3 === 0 ? NaN : b]),
      scores,
    )
    const found = lost.get('b')
    expect(found?.psi).toBeLessThan(0.01)
    expect(found?.unknownShare).toBeCloseTo(0.334, 3)
    expect(drifted([...lost.values()], 0.25).map(({ name }) => name)).toEqual(['b'])
    expect(found === undefined ? '' : driftText(found)).toContain('33.4 % not known, 0.0 % in training')
  })

  it('is not known, and never 0, for too few payments', () => {
    const few = driftAfter(
      rows.slice(0, leastCount - 1).map(() => [0, 0]),
      scores,
    )
    for (const { psi: found, count } of few.values()) {
      expect(found).toBeNaN()
      expect(count).toBe(leastCount - 1)
    }
    expect(drifted([...few.values()], 0)).toEqual([])
  })

  it('is not known of a feature that training did not know', () => {
    const blind: Baseline = {
      score: baseline.score,
      features: { a: { edges: [], shares: [1], unknownShare: 1 } },
    }
    const counts = createDriftCounts({ baseline: blind, featureIndex: index, windowMs: 1000 })
    for (let at = 0; at < 600; at++) counts.add([1, 1], 0.5, 0)
    const [, a] = measureDrift(blind, counts.read(0))
    expect(a?.psi).toBeNaN()
    expect(a?.unknownPsi).toBeGreaterThan(1)
  })
})

describe('the window', () => {
  const maybe = fc.oneof(fc.constant(NaN), fc.double({ min: 0, max: 1, noNaN: true }))
  const told = fc.record({
    row: fc.tuple(maybe, fc.constantFrom(0, 1, NaN)),
    score: maybe,
    wait: fc.integer({ min: 0, max: 400 }),
  })

  /** All payments kept, and counted by filtering. */
  const naive = (
    payments: readonly { readonly values: readonly number[]; readonly at: number }[],
    now: number,
    column: number,
    edges: readonly number[],
  ) => {
    const inWindow = payments.filter(({ at }) => Math.floor(at / 100) > Math.floor(now / 100) - 10)
    const values = inWindow.map((payment) => payment.values[column] ?? NaN)
    return {
      bins: Array.from(
        { length: edges.length + 1 },
        (_, bin) =>
          values.filter((value) => value >= (edges[bin - 1] ?? -Infinity) && value < (edges[bin] ?? Infinity))
            .length,
      ),
      unknown: values.filter(Number.isNaN).length,
    }
  }

  it('holds what a list of all payments holds, however they come and whenever it is read', () => {
    fc.assert(
      fc.property(fc.array(told, { maxLength: 60 }), fc.integer({ min: 0, max: 3000 }), (payments, later) => {
        const counts = createDriftCounts({ baseline, featureIndex: index, windowMs: 1000, slices: 10 })
        let at = 0
        const all = payments.map(({ row, score, wait }) => {
          at += wait
          counts.add(row, score, at)
          return { values: [score, ...row], at }
        })
        for (const now of [at, at + later]) {
          const { score, features } = counts.read(now)
          const found = [score, ...features.values()].map(({ bins, unknown }) => ({
            bins: [...bins],
            unknown,
          }))
          const edges = [baseline.score, ...Object.values(baseline.features)].map((each) => each.edges)
          expect(found).toEqual(edges.map((some, column) => naive(all, now, column, some)))
        }
      }),
    )
  })

  it('adds up: payments of one slice count the same together and apart', () => {
    fc.assert(
      fc.property(fc.array(told, { maxLength: 40 }), fc.array(told, { maxLength: 40 }), (first, second) => {
        const of = (payments: typeof first) => {
          const counts = createDriftCounts({ baseline, featureIndex: index, windowMs: 1000 })
          for (const { row, score } of payments) counts.add(row, score, 5)
          return counts.read(5).score
        }
        const [one, other, both] = [of(first), of(second), of([...first, ...second])]
        expect([...both.bins]).toEqual([...one.bins].map((n, bin) => n + (other.bins[bin] ?? NaN)))
        expect(both.unknown).toBe(one.unknown + other.unknown)
      }),
    )
  })
})
