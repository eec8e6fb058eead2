import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, quantile, spreadOf } from '../../../bench/statistics.ts'

describe('the median', () => {
  it('is the middle value', () => expect(median([9, 1, 5])).toBe(5))
  it('is the mean of the two middle ones of an even number', () => expect(median([1, 9, 5, 3])).toBe(4))
  it('of nothing is not known', () => expect(median([])).toBeNaN())
})

it('a spread has the least and the most beside the median', () => {
  expect(spreadOf([3, 1, 10])).toEqual({ median: 3, least: 1, most: 10 })
})

it('a quantile is the nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1)
  expect(quantile(hundred, 0.99)).toBe(99)
  expect(quantile(hundred, 0.999)).toBe(100)
  expect(quantile([7], 0.5)).toBe(7)
  expect(quantile([], 0.5)).toBeNaN()
})

it('half of the values lie at or below the median, half at or above', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const middle = median(values)
      expect(values.filter((value) => value <= middle).length * 2).toBeGreaterThanOrEqual(values.length)
      expect(values.filter((value) => value >= middle).length * 2).toBeGreaterThanOrEqual(values.length)
    }),
  )
})
