import { expect, it } from 'vitest'
import { orderOfPair, ratioOfPairs } from '../../../bench/pairs.ts'

const pair = (relay: number, sluice: number) => ({ relay, sluice })

it('the ratio is the median of the ratios, not the ratio of the medians', () => {
  // The machine was ten times slower during the second pair: both suffered alike.
  const pairs = [pair(10, 20), pair(100, 150), pair(10, 12)]
  expect(ratioOfPairs(pairs, (p99) => p99)).toEqual({ median: 1.5, least: 1.2, most: 2 })
})

it('who is first changes from pair to pair', () => {
  expect([0, 1, 2].map((at) => orderOfPair(at)[0])).toEqual(['relay', 'sluice', 'relay'])
  expect(orderOfPair(1)).toEqual(['sluice', 'relay'])
})
