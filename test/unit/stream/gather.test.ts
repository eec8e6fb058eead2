import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Positions } from '../../../src/stream/flow.ts'
import { createGather } from '../../../src/stream/gather.ts'
import type { RawRecord } from '../../../src/stream/record.ts'
import { recordAt } from '../../support/rawRecords.ts'

const recordsOf = (partition: number, count: number): readonly RawRecord[] =>
  Array.from({ length: count }, (_, offset) => recordAt(offset, { partition }))

const recording = () => {
  const batches: (readonly RawRecord[])[] = []
  const positions: Positions = new Map([[0, '7']])
  const flow = (records: readonly RawRecord[]): Promise<Positions> => {
    batches.push(records)
    return Promise.resolve(positions)
  }
  return { batches, flow, positions }
}

describe('gathering', () => {
  it('joins what several partitions bring in one turn', async () => {
    const { batches, flow, positions } = recording()
    const gather = createGather(flow, 64)
    const answers = await Promise.all([gather(recordsOf(0, 2)), gather(recordsOf(1, 1))])
    expect(batches.map((batch) => batch.map(({ partition }) => partition))).toEqual([[0, 0, 1]])
    expect(answers).toEqual([positions, positions])
  })

  it('does not wait for who comes later', async () => {
    const { batches, flow } = recording()
    const gather = createGather(flow, 64)
    await gather(recordsOf(0, 1))
    await gather(recordsOf(1, 1))
    expect(batches).toHaveLength(2)
  })

  it('fails for all that were joined, and only for them', async () => {
    let calls = 0
    const gather = createGather(() => {
      calls += 1
      return calls === 1 ? Promise.reject(new Error('broken')) : Promise.resolve(new Map())
    }, 2)
    const results = await Promise.allSettled([0, 1, 2].map((partition) => gather(recordsOf(partition, 1))))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  })

  it('loses nothing, keeps the order of a partition, and never makes a micro-batch too large', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 12 }), async (counts) => {
        const { batches, flow } = recording()
        const gather = createGather(flow, 64)
        await Promise.all(counts.map((count, partition) => gather(recordsOf(partition, count))))
        const seen = batches.flat()
        expect(batches.every((batch) => batch.length <= 64)).toBe(true)
        counts.forEach((count, partition) => {
          const offsets = seen.filter((record) => record.partition === partition).map(({ offset }) => offset)
          expect(offsets).toEqual(Array.from({ length: count }, (_, offset) => offset))
        })
      }),
    )
  })
})
