import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEarlierAnswers, type Published } from '../../../src/stream/earlierAnswers.ts'
import type { RawRecord } from '../../../src/stream/record.ts'
import { recordAt } from '../../support/rawRecords.ts'

const recordsFrom = (offset: number, count: number): readonly RawRecord[] =>
  Array.from({ length: count }, (_, i) => recordAt(offset + i))

/** `decisions`, of which a request brings so many records. */
const readerOf = (log: readonly Published[], from: number, chunk: number) =>
  createEarlierAnswers({
    begin: async () => ({ from, end: log.length }),
    read: async (_, position) => ({
      published: log.slice(position, position + chunk),
      next: Math.min(log.length, position + chunk),
    }),
  })

const answer = (sourceOffset: number, position: number, text: string): Published => ({
  sourceOffset,
  position,
  bytes: Buffer.from(text),
})

describe('earlier answers', () => {
  it('are those that stand in decisions, the first where there are several', async () => {
    const earlier = readerOf([answer(7, 0, 'first'), answer(7, 1, 'second')], 0, 10)
    await earlier.until([recordAt(7), recordAt(8)])
    expect(String(earlier.of({ partition: 0, offset: 7 }))).toBe('first')
    expect(earlier.of({ partition: 0, offset: 8 })).toBeNull()
    expect(earlier.of({ partition: 1, offset: 7 })).toBeNull()
  })

  it('are asked for again when they could not be read, and after a rebalance', async () => {
    let tries = 0
    const earlier = createEarlierAnswers({
      begin: async () => {
        tries += 1
        if (tries === 1) throw new Error('Kafka is away')
        return { from: 0, end: 1 }
      },
      read: async () => ({ published: [answer(3, 0, `try ${tries}`)], next: 1 }),
    })
    await expect(earlier.until([recordAt(3)])).rejects.toThrow('away')
    await earlier.until([recordAt(3)])
    expect(String(earlier.of({ partition: 0, offset: 3 }))).toBe('try 2')
    earlier.forget()
    expect(earlier.of({ partition: 0, offset: 3 })).toBeNull()
    await earlier.until([recordAt(3)])
    expect(String(earlier.of({ partition: 0, offset: 3 }))).toBe('try 3')
  })

  it('keep the place of the last decision when a micro-batch publishes none', async () => {
    const earlier = readerOf([], 0, 10)
    await earlier.until([recordAt(0)])
    expect(earlier.passed(0, 1, '17')).toBe('17')
    expect(earlier.passed(0, 2, undefined)).toBe('17')
  })

  const owner = fc.record({
    /** Micro-batches, each of so many records; whether it is committed, and how many answers of the last one got out. */
    batches: fc.array(fc.record({ size: fc.integer({ min: 1, max: 6 }), commits: fc.boolean() }), {
      maxLength: 8,
    }),
    chunk: fc.integer({ min: 1, max: 5 }),
    lastGotOut: fc.nat({ max: 6 }),
  })

  it('property: whenever owners crash, each payment is answered once in decisions', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(owner, { minLength: 1, maxLength: 6 }), async (owners) => {
        const log: Published[] = []
        let committed = { offset: 0, position: 0 }
        let furthest = 0
        for (const [who, { batches, chunk, lastGotOut }] of owners.entries()) {
          const earlier = readerOf([...log], committed.position, chunk)
          let offset = committed.offset
          for (const [i, { size, commits }] of batches.entries()) {
            const records = recordsFrom(offset, size)
            await earlier.until(records)
            const crashes = i === batches.length - 1
            const answered = records.filter((record) => earlier.of(record) === null)
            const out = crashes ? answered.slice(0, lastGotOut) : answered
            for (const each of out) log.push(answer(each.offset, log.length, `by ${who}`))
            furthest = Math.max(furthest, ...out.map((each) => each.offset + 1))
            if (crashes) break
            offset += size
            const position = earlier.passed(0, offset, out.length > 0 ? String(log.length) : undefined)
            if (commits && position !== null) committed = { offset, position: Number(position) }
          }
        }
        expect(log.map(({ sourceOffset }) => sourceOffset).toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: furthest }, (_, i) => i),
        )
      }),
      { numRuns: 500 },
    )
  })
})
