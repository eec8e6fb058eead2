import { describe, expect, test } from 'vitest'
import { reachOf, type Extent } from '../../../../src/offline/rebuild/extent.ts'

const now = 1_000_000
const from = 100_000

/** A partition whose first record came at `begin`; `low`: how many were deleted before it; `start` after `from`. */
const extent = (over: Partial<Extent> & { readonly begin?: number } = {}): Extent => {
  const { begin = 200_000, ...rest } = over
  const low = rest.low ?? 0
  const start = rest.start ?? low
  return { topic: 'payments', partition: 0, low, start, first: { offset: start, timestamp: begin }, ...rest }
}

describe('how far back the topics reach', () => {
  test('to what was asked for, where nothing later is missing', () => {
    const longer = extent({ start: 50, begin: 101_000 })
    expect(reachOf([longer], [], from, now)).toEqual({ since: from, limitedBy: null })
  })

  test('to the first payment of all, where none was ever deleted', () => {
    expect(reachOf([extent(), extent({ partition: 1, begin: 150_000 })], [], from, now)).toEqual({
      since: 150_000,
      limitedBy: null,
    })
  })

  test('to the first record that is left of what was deleted latest', () => {
    const cut = extent({ topic: 'risk-feedback', partition: 3, low: 7, begin: 400_000 })
    const earlier = extent({ low: 9, begin: 300_000 })
    expect(reachOf([extent(), earlier], [cut], from, now)).toEqual({
      since: 400_000,
      limitedBy: { topic: 'risk-feedback', partition: 3 },
    })
    // A side topic that was never cut says nothing: it may have begun later.
    expect(reachOf([earlier], [extent({ topic: 'decisions', begin: 900_000 })], from, now).since).toBe(
      300_000,
    )
  })

  test('to now, where nothing at all is left of a partition', () => {
    expect(reachOf([extent()], [extent({ topic: 'decisions', low: 5, first: null })], from, now)).toEqual({
      since: now,
      limitedBy: { topic: 'decisions', partition: 0 },
    })
    expect(reachOf([extent({ first: null })], [], from, now).since).toBe(now)
  })

  test('records that are deleted before they could be read are missing too', () => {
    const overtaken = extent({ first: { offset: 10, timestamp: 500_000 } })
    expect(reachOf([overtaken, extent({ partition: 1 })], [], from, now).since).toBe(500_000)
  })
})
