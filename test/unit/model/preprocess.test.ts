import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ManifestFeature } from '../../../src/model/manifest.ts'
import { compilePreprocess } from '../../../src/model/preprocess.ts'
import { naiveInputs } from '../../support/model/naivePreprocess.ts'

const plain = { mean: 0, scale: 1, whenMissing: 0, missingIndicator: false }
const slots = (
  features: readonly ManifestFeature[],
  positions: readonly number[],
  row: readonly number[],
) => {
  const { columns, write } = compilePreprocess(features, positions)
  const into = new Float32Array(columns)
  write(row, into, 0)
  return Array.from(into)
}

describe('preprocessing', () => {
  it('takes each feature from its place in the row', () => {
    const features = [
      { ...plain, name: 'b' },
      { ...plain, name: 'a' },
    ]
    expect(slots(features, [2, 0], [10, 20, 30])).toEqual([30, 10])
  })

  it('clips, takes the logarithm, then standardises', () => {
    const feature = {
      ...plain,
      name: 'a',
      clip: [0, Math.E - 1] as const,
      log1p: true,
      mean: 0.5,
      scale: 0.25,
    }
    expect(slots([feature], [0], [1e9])[0]).toBeCloseTo(2, 6)
    expect(slots([feature], [0], [-5])[0]).toBe(-2)
    expect(slots([feature], [0], [Infinity])[0]).toBeCloseTo(2, 6)
  })

  it('has a logarithm for values below zero', () => {
    expect(slots([{ ...plain, name: 'a', log1p: true }], [0], [1 - Math.E])[0]).toBeCloseTo(-1, 6)
  })

  it('puts in the value for the unknown and says so, after all features', () => {
    const features = [
      { ...plain, name: 'a', whenMissing: 6, mean: 2, scale: 2, missingIndicator: true },
      { ...plain, name: 'b', whenMissing: 3 },
      { ...plain, name: 'c', missingIndicator: true },
    ]
    expect(slots(features, [0, 1, 2], [NaN, NaN, 7])).toEqual([2, 3, 7, 1, 0])
    expect(slots(features, [0, 1, 2], [2, 0, NaN])).toEqual([0, 0, 0, 0, 1])
  })
})

describe('the other kinds', () => {
  const base = { name: 'a', missingIndicator: true } as const
  it.each([
    [-1, [0.2, 0]],
    [0, [0.2, 0]],
    [5, [0.35, 0]],
    [10, [0.5, 0]],
    [60, [0.75, 0]],
    [1e9, [1, 0]],
    [NaN, [0.5, 1]],
  ])('quantiles: %d lies at %j', (raw, expected) => {
    const knots = [
      [0, 0.2],
      [10, 0.5],
      [110, 1],
    ] as const
    const found = slots([{ ...base, kind: 'quantile', knots, whenMissing: 10 }], [0], [raw])
    expected.forEach((value, at) => expect(found[at]).toBeCloseTo(value, 6))
  })

  it.each([
    [2, [1, 0, 0, 0]],
    [7, [0, 0, 1, 0]],
    [3, [0, 0, 0, 0]],
    [NaN, [0, 0, 0, 1]],
  ])('one-hot: %d is %j', (raw, expected) => {
    expect(slots([{ ...base, kind: 'oneHot', values: [2, 5, 7] }], [0], [raw])).toEqual(expected)
  })

  it('bins: a value at an edge lies above it, or below where that is said', () => {
    const bins = { ...base, kind: 'bins', edges: [1, 2], whenMissing: 9 } as const
    const ranks = (feature: ManifestFeature) =>
      [0, 1, 1.5, 2, 3, NaN].map((raw) => slots([feature], [0], [raw])[0])
    expect(ranks(bins)).toEqual([0, 1, 1, 2, 2, 2])
    expect(ranks({ ...bins, edgeIn: 'below' as const })).toEqual([0, 0, 1, 1, 2, 2])
  })

  it('bins: compares in float64 unless float32 is asked for', () => {
    const bins = { ...base, kind: 'bins', edges: [2 ** 24], whenMissing: 0 } as const
    // Rounds to 2^24 in float32.
    const justBelow = 2 ** 24 - 0.25
    expect(slots([bins], [0], [justBelow])[0]).toBe(0)
    expect(slots([{ ...bins, float32: true }], [0], [justBelow])[0]).toBe(1)
  })

  it('says which inputs belong to which feature', () => {
    const features: readonly ManifestFeature[] = [
      { kind: 'oneHot', name: 'a', values: [1, 2, 3], missingIndicator: true },
      { ...plain, name: 'b' },
      { ...plain, name: 'c', missingIndicator: true },
    ]
    const { columns, columnsOf } = compilePreprocess(features, [0, 1, 2])
    expect(columns).toBe(7)
    expect(columnsOf).toEqual([[0, 1, 2, 5], [3], [4, 6]])
  })
})

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const rising = fc
  .uniqueArray(
    finite.map((value) => value + 0),
    { minLength: 2, maxLength: 8, selector: (value) => value },
  )
  .map((values) => values.toSorted((a, b) => a - b))

const anyFeature: fc.Arbitrary<ManifestFeature> = fc
  .record({
    values: rising,
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
    whenMissing: finite,
    missingIndicator: fc.boolean(),
    log1p: fc.boolean(),
    float32: fc.boolean(),
    edgeIn: fc.constantFrom('above' as const, 'below' as const),
    kind: fc.constantFrom('standardise', 'quantile', 'oneHot', 'bins'),
  })
  .map(({ kind, values, shares, whenMissing, missingIndicator, log1p, float32, edgeIn }): ManifestFeature => {
    const base = { name: 'a', missingIndicator }
    const rise = shares.toSorted((a, b) => a - b)
    switch (kind) {
      case 'quantile':
        return { ...base, kind, whenMissing, knots: values.map((value, at) => [value, rise[at]!] as const) }
      case 'oneHot':
        return { ...base, kind, values }
      case 'bins':
        return { ...base, kind, edges: values, edgeIn, float32, whenMissing }
      case 'standardise':
        return { ...base, kind, clip: [values[0]!, values[1]!], log1p, mean: 1, scale: 2, whenMissing }
    }
  })

/** Values of the feature itself and their neighbours are where the kinds differ. */
const rawFor = (feature: ManifestFeature): fc.Arbitrary<number> => {
  const marked =
    feature.kind === 'quantile'
      ? feature.knots.map(([value]) => value)
      : feature.kind === 'oneHot'
        ? feature.values
        : feature.kind === 'bins'
          ? feature.edges
          : [0]
  const near = marked.flatMap((value) => [value, value * (1 + 2 ** -52), value * (1 - 2 ** -53)])
  return fc.oneof(fc.constant(NaN), fc.double(), fc.constantFrom(...near))
}

describe('properties', () => {
  it('gives what the definition gives, for any mixture of kinds', () => {
    const cases = fc.array(
      anyFeature.chain((feature) => rawFor(feature).map((raw) => ({ feature, raw }))),
      { minLength: 1, maxLength: 6 },
    )
    fc.assert(
      fc.property(cases, (drawn) => {
        const features = drawn.map(({ feature }) => feature)
        const row = drawn.map(({ raw }) => raw)
        const found = slots(
          features,
          features.map((_, at) => at),
          row,
        )
        const expected = naiveInputs(features, row)
        expect(found).toHaveLength(expected.length)
        expected.forEach((value, at) => {
          const wanted = Math.fround(value)
          if (Number.isFinite(wanted)) expect(found[at]).toBeCloseTo(wanted, 5)
        })
      }),
      { numRuns: 500 },
    )
  })

  it('a larger value never gets a smaller quantile or a lower bin', () => {
    const kinds = anyFeature.filter(({ kind }) => kind === 'quantile' || kind === 'bins')
    fc.assert(
      fc.property(
        kinds.chain((feature) => fc.tuple(fc.constant(feature), rawFor(feature), rawFor(feature))),
        ([feature, one, other]) => {
          fc.pre(!Number.isNaN(one) && !Number.isNaN(other))
          const inputOf = (raw: number): number => slots([feature], [0], [raw])[0]!
          expect(inputOf(Math.min(one, other))).toBeLessThanOrEqual(inputOf(Math.max(one, other)))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('never gives NaN, whatever is unknown, where a clip bounds what is known', () => {
    const value = fc.oneof(fc.constant(NaN), fc.double())
    fc.assert(
      fc.property(value, fc.boolean(), (raw, log1p) => {
        const feature = { ...plain, name: 'a', clip: [-1e6, 1e6] as const, log1p, missingIndicator: true }
        expect(slots([feature], [0], [raw]).every(Number.isFinite)).toBe(true)
      }),
    )
  })
})
