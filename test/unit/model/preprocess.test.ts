import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ManifestFeature } from '../../../src/model/manifest.ts'
import { compilePreprocess } from '../../../src/model/preprocess.ts'

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

describe('properties', () => {
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
