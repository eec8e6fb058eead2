import { describe, expect, it } from 'vitest'
import type { Comparison, RankInput } from '../../../../src/model/trees/ensemble.ts'
import { compileRanks, lightgbmZero } from '../../../../src/model/trees/ranks.ts'

const input: RankInput = {
  feature: 0,
  missing: 'nan',
  whenMissing: 'left',
  thresholds: Float64Array.of(-1, 0, 2 ** 24),
}

const rankOf = (comparison: Comparison, value: number, changed: Partial<RankInput> = {}): number => {
  const { write } = compileRanks({ comparison, inputs: [{ ...input, ...changed }] }, 1, [0])
  const into = new Float32Array(1)
  write([value], into, 0)
  return into[0]!
}

describe('ranks of XGBoost', () => {
  it.each([
    [-2, 0],
    [-1, 1],
    [-0, 2],
    [0, 2],
    [1, 2],
    [2 ** 24, 3],
    [Infinity, 3],
    [-Infinity, 0],
  ])('%d has as many thresholds at or below it as %d', (value, rank) => {
    expect(rankOf('below-float32', value)).toBe(rank)
  })

  it('round to float32 before they compare', () => {
    expect(rankOf('below-float32', 2 ** 24 - 0.4)).toBe(3)
    expect(rankOf('below-float32', -1 - 1e-12)).toBe(1)
  })
})

describe('ranks of LightGBM', () => {
  it.each([
    [-2, 0],
    [-1, 0],
    [-0, 1],
    [0, 1],
    [1, 2],
    [2 ** 24, 2],
    [2 ** 24 + 1, 3],
    [Infinity, 3],
  ])('%d has as many thresholds below it as %d', (value, rank) => {
    expect(rankOf('at-most-float64', value)).toBe(rank)
  })

  it('compare in float64', () => {
    expect(rankOf('at-most-float64', 2 ** 24 + 1e-8)).toBe(3)
    expect(rankOf('at-most-float64', -1 + 1e-15)).toBe(1)
  })

  it('take for zero what is closer to it than 1e-35', () => {
    const thresholds = Float64Array.of(-1e-36, 1e-36)
    expect(rankOf('at-most-float64', -lightgbmZero, { thresholds })).toBe(1)
    expect(rankOf('at-most-float64', 1.1e-35, { thresholds })).toBe(2)
  })
})

describe('what is unknown', () => {
  it.each(['below-float32', 'at-most-float64'] as const)('ranks below or above all with %s', (comparison) => {
    expect(rankOf(comparison, NaN)).toBe(-1)
    expect(rankOf(comparison, NaN, { whenMissing: 'right' })).toBe(3)
    expect(rankOf(comparison, Infinity, { whenMissing: 'right' })).toBe(3)
  })

  it('may be zero too', () => {
    const zero = { missing: 'nan-or-zero', whenMissing: 'right' } as const
    expect(rankOf('at-most-float64', 0, zero)).toBe(3)
    expect(rankOf('at-most-float64', -1e-36, zero)).toBe(3)
    expect(rankOf('at-most-float64', 1e-34, zero)).toBe(2)
  })
})

it('reads each feature from its place, and says which inputs are whose', () => {
  const inputs = [{ ...input, feature: 1 }, input, { ...input, feature: 1, whenMissing: 'right' } as const]
  const { columns, columnsOf, write } = compileRanks({ comparison: 'below-float32', inputs }, 3, [4, 2, 0])
  const into = new Float32Array(5)
  write([9, 9, NaN, 9, -5], into, 1)
  expect(columns).toBe(3)
  expect(Array.from(into)).toEqual([0, -1, 0, 3, 0])
  expect(columnsOf).toEqual([[1], [0, 2], []])
})
