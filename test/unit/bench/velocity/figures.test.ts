import { describe, expect, test } from 'vitest'
import type { ContestantName } from '../../../../bench/velocity/contestants.ts'
import { velocityFigures } from '../../../../bench/velocity/figures.ts'
import type { Line } from '../../../../bench/velocity/line.ts'
import { inPieces } from '../../../../bench/velocity/workload.ts'

const line = (
  contestant: ContestantName,
  records: number,
  rates: readonly number[],
  bytes: number,
): Line => ({
  contestant,
  records,
  payers: 1,
  batchSize: 64,
  bytesPerEntity: bytes,
  heldBytesPerEntity: 0,
  rounds: rates.map((paymentsPerSecond) => ({
    payments: 1,
    seconds: 1,
    paymentsPerSecond,
    redisMicros: 1,
    nodeMicros: 1,
  })),
})

describe('the figures of the velocity bench', () => {
  const lines = [
    line('ours', 100, [900, 1_000, 5_000], 700),
    line('sortedSets', 100, [200, 250], 350),
    line('ours', 10_000, [800], 50),
    line('sortedSets', 10_000, [2], 100),
    line('ours', 1_000_000, [400], 50),
    line('sortedSets', 1_000_000, [], 1_000),
  ]
  const figures = new Map(velocityFigures(lines).map((figure) => [figure.name, figure]))

  test('compare with sorted sets, median with median', () => {
    expect(figures.get('100 records, batches of 64: payments/s, times sorted sets')).toMatchObject({
      median: 1_000 / 225,
      goal: 4,
      better: 'higher',
    })
    expect(figures.get('100 records, batches of 64: bytes, times sorted sets')).toMatchObject({
      median: 2,
      goal: null,
    })
    expect(figures.get('10,000 records, batches of 64: bytes, times sorted sets')).toMatchObject({
      median: 0.5,
      goal: 1,
    })
  })

  test('say whether what is folded costs the same, whatever it holds', () => {
    expect(figures.get('batches of 64: slowest over fastest above 10,000 records')?.median).toBe(0.5)
  })

  test('leave out what was too slow to be measured', () => {
    expect(figures.has('1,000,000 records, batches of 64: payments/s, times sorted sets')).toBe(false)
    expect(figures.has('1,000,000 records, batches of 64: bytes, times sorted sets')).toBe(true)
  })
})

test('pieces name no key more often than that, and hold all items in their order', () => {
  const pieces = [...inPieces(['a', 'b', 'a', 'a', 'b', 'c'], (item) => [item], 2)]
  expect(pieces.map(({ piece }) => piece)).toEqual([
    ['a', 'b', 'a'],
    ['a', 'b', 'c'],
  ])
  expect(pieces.map(({ counts }) => [...counts])).toEqual([
    [
      ['a', 2],
      ['b', 1],
    ],
    [
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ],
  ])
})
