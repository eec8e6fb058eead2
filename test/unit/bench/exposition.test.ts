import { describe, expect, it } from 'vitest'
import {
  bucketAround,
  bucketQuantile,
  countOf,
  readBuckets,
  readTotal,
  readValue,
  since,
} from '../../../bench/exposition.ts'
import { createMetrics } from '../../../src/ops/metrics.ts'

const text = `# HELP sluice_own_part_seconds Time
# TYPE sluice_own_part_seconds histogram
sluice_own_part_seconds_bucket{le="0.001"} 10
sluice_own_part_seconds_bucket{le="0.01"} 90
sluice_own_part_seconds_bucket{le="+Inf"} 100
sluice_own_part_seconds_sum 0.75
sluice_own_part_seconds_count 100
sluice_stage_seconds_bucket{le="0.001",stage="wait"} 3
sluice_stage_seconds_bucket{le="+Inf",stage="wait"} 4
sluice_stage_seconds_bucket{le="0.001",stage="score"} 7
sluice_stage_seconds_bucket{le="+Inf",stage="score"} 8
`

describe('a histogram in the text of /metrics', () => {
  it('is read with its bounds', () => {
    expect(readBuckets(text, 'sluice_own_part_seconds')).toEqual({
      bounds: [0.001, 0.01, Infinity],
      cumulative: [10, 90, 100],
      sum: 0.75,
    })
  })

  it('is read by label', () => {
    expect(readBuckets(text, 'sluice_stage_seconds', { stage: 'score' }).cumulative).toEqual([7, 8])
  })

  it('that we export can be read', async () => {
    const { metrics, exposition } = createMetrics()
    for (const seconds of [0.0011, 0.0012, 0.02]) metrics.observeOwnPart(seconds)
    metrics.observeStage('explain', 0.003)
    const exported = await exposition.render()
    expect(countOf(readBuckets(exported, 'sluice_own_part_seconds'))).toBe(3)
    expect(countOf(readBuckets(exported, 'sluice_stage_seconds', { stage: 'explain' }))).toBe(1)
  })
})

it('a number is read by its whole name', () => {
  expect(readValue(text, 'sluice_own_part_seconds_sum')).toBe(0.75)
  expect(readValue(text, 'sluice_own_part_seconds')).toBeNaN()
})

it('a counter is summed over its labels', () => {
  expect(readTotal(text, 'sluice_stage_seconds_bucket')).toBe(22)
  expect(readTotal(text, 'sluice_late_decisions_total')).toBe(0)
})

describe('between two readings', () => {
  const buckets = (...cumulative: number[]) => ({ bounds: [1, 2, 4, Infinity], cumulative, sum: 0 })

  it('only what was observed since counts', () => {
    expect(since(buckets(5, 5, 5, 5), buckets(5, 15, 15, 15)).cumulative).toEqual([0, 10, 10, 10])
  })

  it('a quantile is interpolated in its bucket', () => {
    expect(bucketQuantile(buckets(0, 10, 10, 10), 0.5)).toBe(1.5)
    expect(bucketQuantile(buckets(10, 10, 20, 20), 0.75)).toBe(3)
    expect(bucketAround(buckets(10, 10, 20, 20), 0.75)).toEqual([2, 4])
  })

  it('what lies beyond the last bound is at least that bound', () => {
    expect(bucketQuantile(buckets(0, 0, 0, 10), 0.5)).toBe(4)
    expect(bucketAround(buckets(0, 0, 0, 10), 0.5)).toEqual([4, Infinity])
  })

  it('nothing has no quantile', () => expect(bucketQuantile(buckets(0, 0, 0, 0), 0.5)).toBeNaN())
})
