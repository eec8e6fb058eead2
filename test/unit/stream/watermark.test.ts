import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createWatermark, type PartitionLook, type Watermark } from '../../../src/stream/watermark.ts'

const partition = (over: Partial<PartitionLook> = {}): PartitionLook => ({
  partition: 0,
  low: 0,
  end: 0,
  committed: -1,
  ...over,
})
const see = (watermark: Watermark, at: number, ...partitions: readonly Partial<PartitionLook>[]): number => {
  watermark.see({ at, partitions: partitions.map(partition) })
  return watermark.at()
}

describe('a watermark', () => {
  test('is not known before anything is', () => {
    const watermark = createWatermark()
    expect(watermark.at()).toBe(-Infinity)
    expect(see(watermark, 10)).toBe(-Infinity)
    expect(see(watermark, 20, { end: 5, committed: 4 })).toBe(-Infinity)
  })

  test('learns nothing from a look that comes late', () => {
    const watermark = createWatermark()
    see(watermark, 20, { end: 5, committed: 5 })
    expect(see(watermark, 10, { end: 4, committed: 4 })).toBe(20)
    expect(see(watermark, 30, { end: 6, committed: 5 })).toBe(20)
  })

  test('is the time of the look at whose end the group is', () => {
    expect(see(createWatermark(), 10, { end: 5, committed: 5 })).toBe(10)
  })

  test('goes on with each look at a topic in which nothing happens', () => {
    const watermark = createWatermark()
    for (const at of [10, 20, 30]) expect(see(watermark, at, { end: 5, committed: 5 })).toBe(at)
  })

  test('counts a topic as empty that was never written to', () => {
    expect(see(createWatermark(), 10, {}, { partition: 1, low: 7, end: 7 })).toBe(10)
  })

  test('is one look behind where records come all the time', () => {
    const watermark = createWatermark()
    see(watermark, 10, { end: 100, committed: 98 })
    expect(see(watermark, 20, { end: 110, committed: 108 })).toBe(10)
    expect(see(watermark, 30, { end: 120, committed: 118 })).toBe(20)
  })

  test('stands still while one partition does, whatever the others do', () => {
    const watermark = createWatermark()
    see(watermark, 10, { end: 5, committed: 5 }, { partition: 1, end: 5, committed: 5 })
    for (const [i, at] of [20, 30, 40].entries()) {
      const others = { partition: 1, end: 10 + i, committed: 10 + i }
      expect(see(watermark, at, { end: 6, committed: 5 }, others)).toBe(10)
    }
    expect(see(watermark, 50, { end: 6, committed: 6 }, { partition: 1, end: 20, committed: 12 })).toBe(40)
  })

  test('does not wait for what the topic has deleted', () => {
    expect(see(createWatermark(), 10, { low: 9, end: 9, committed: 3 })).toBe(10)
    expect(see(createWatermark(), 10, { low: 8, end: 9, committed: 3 })).toBe(-Infinity)
  })

  test('does not take an offset of an earlier topic of that name for one of this', () => {
    const watermark = createWatermark()
    expect(see(watermark, 10, { end: 5, committed: 900 })).toBe(-Infinity)
    expect(see(watermark, 20, { end: 5, committed: 5 })).toBe(20)
  })

  test('stands still where the end of a partition is not known', () => {
    expect(see(createWatermark(), 10, { end: Infinity, committed: 5 })).toBe(-Infinity)
  })

  test('goes on after a topic was made anew with fewer partitions', () => {
    const watermark = createWatermark()
    see(watermark, 10, { end: 9, committed: 0 }, { partition: 1, end: 9, committed: 0 })
    expect(see(watermark, 20, { end: 0 })).toBe(20)
  })

  test('tells the lag within an eighth while a long stall is caught up', () => {
    const watermark = createWatermark()
    const hour = 3_600
    for (let at = 1; at <= hour; at++) see(watermark, at, { end: at, committed: 0 })
    for (let taken = 1; taken < hour; taken++) {
      const now = hour + taken
      const lag = now - see(watermark, now, { end: hour, committed: taken })
      expect(lag).toBeGreaterThanOrEqual(hour)
      expect(lag).toBeLessThanOrEqual(hour * (1 + 1 / 8))
    }
    expect(see(watermark, 2 * hour, { end: hour, committed: hour })).toBe(2 * hour)
  })
})

type Step = {
  readonly partition: number
  readonly what: 'append' | 'commit' | 'look'
  readonly count: number
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  partition: fc.nat(2),
  what: fc.constantFrom('append', 'commit', 'look'),
  count: fc.integer({ min: 1, max: 3 }),
})

/** Times of the records, partition by partition, and how many of them were taken over. */
type Topic = readonly { readonly appendedAt: number[]; taken: number }[]

const waitingSince = (topic: Topic): number =>
  Math.min(...topic.map(({ appendedAt, taken }) => appendedAt[taken] ?? Infinity))

const lookAt = (topic: Topic): readonly PartitionLook[] =>
  topic.map(({ appendedAt, taken }, i) =>
    partition({ partition: i, end: appendedAt.length, committed: taken === 0 ? -1 : taken }),
  )

/** The watermark as its words say: the newest look of which nothing waits any more. */
const reachedBy = (
  looks: readonly { readonly at: number; readonly ends: readonly number[] }[],
  topic: Topic,
) =>
  Math.max(
    -Infinity,
    ...looks.filter(({ ends }) => topic.every(({ taken }, i) => taken >= (ends[i] ?? 0))).map(({ at }) => at),
  )

test('whatever happens: nothing that is older waits, and it is as new as the looks allow', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const topic: Topic = [0, 1, 2].map(() => ({ appendedAt: [], taken: 0 }))
      const watermark = createWatermark()
      const looks: { readonly at: number; readonly ends: readonly number[] }[] = []
      steps.forEach(({ partition: number, what, count }, at) => {
        const part = topic[number]
        if (part === undefined) return
        if (what === 'append') for (let i = 0; i < count; i++) part.appendedAt.push(at)
        if (what === 'commit') part.taken = Math.min(part.appendedAt.length, part.taken + count)
        if (what !== 'look') return
        looks.push({ at, ends: topic.map(({ appendedAt }) => appendedAt.length) })
        watermark.see({ at, partitions: lookAt(topic) })
        expect(watermark.at()).toBeLessThanOrEqual(waitingSince(topic))
        expect(watermark.at()).toBe(reachedBy(looks, topic))
      })
    }),
  )
})
