import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bucketOf,
  countField,
  readWindows,
  resolutions,
  sumField,
  type Resolution,
} from '../../../../bench/velocity/buckets.ts'
import { windows, windowsMs } from '../../../../bench/velocity/contestant.ts'

test('minutes serve the windows of up to an hour, hours those of up to a day, days the others', () => {
  expect(
    resolutions.map(({ letter, windows: read }) => [
      letter,
      ...read.map(({ window, buckets }) => `${windows[window]} ${buckets}`),
    ]),
  ).toEqual([
    ['m', '10m 10', '1h 60'],
    ['h', '24h 24'],
    ['d', '7d 7', '30d 30'],
  ])
})

type Paid = { readonly at: number; readonly amount: number }

/** The hash in which time `at` lies, and the one before, with these payments in them. */
const hashesOf = (resolution: Resolution, at: number, paid: readonly Paid[]) => {
  const newest = bucketOf(resolution, at).hash
  const hashOf = (wanted: number): Record<string, string> => {
    const fields: Record<string, string> = {}
    const add = (field: string, by: number): void => {
      fields[field] = String(Number(fields[field] ?? 0) + by)
    }
    for (const { at: paidAt, amount } of paid) {
      const { hash, bucket } = bucketOf(resolution, paidAt)
      if (hash !== wanted) continue
      add(countField(bucket), 1)
      add(sumField(bucket), amount)
    }
    return fields
  }
  return { current: hashOf(newest), previous: hashOf(newest - 1) }
}

const read = (at: number, paid: readonly Paid[]): readonly number[] => {
  const row = new Float64Array(windowsMs.length * 2)
  for (const resolution of resolutions) {
    const { current, previous } = hashesOf(resolution, at, paid)
    readWindows(resolution, at, current, previous, row, 0)
  }
  return [...row]
}

describe('windows read from buckets', () => {
  test('hold the bucket of the payment and those before it', () => {
    const at = Date.UTC(2026, 0, 31, 12, 34, 56)
    const paid = [
      { at, amount: 1 },
      { at: Date.UTC(2026, 0, 31, 12, 25), amount: 20 },
      { at: Date.UTC(2026, 0, 31, 12, 24, 59), amount: 300 },
      { at: Date.UTC(2026, 0, 2), amount: 4_000 },
      { at: Date.UTC(2026, 0, 1, 23, 59), amount: 50_000 },
    ]
    expect(read(at, paid)).toEqual([2, 21, 3, 321, 3, 321, 3, 321, 4, 4_321])
  })

  test('hold what lies in the windows, but for less than one bucket', () => {
    const at = fc.integer({ min: Date.UTC(2025), max: Date.UTC(2027) })
    const ages = fc.array(fc.oneof(...[3_600_000, 86_400_000, 40 * 86_400_000].map((max) => fc.nat({ max }))))
    fc.assert(
      fc.property(at, ages, (now, some) => {
        const row = read(
          now,
          some.map((age) => ({ at: now - age, amount: 1 })),
        )
        windowsMs.forEach((windowMs, window) => {
          const bucketMs = resolutions.find((each) =>
            each.windows.some((of) => of.window === window),
          )?.bucketMs
          const within = (lengthMs: number): number => some.filter((age) => age < lengthMs).length
          expect(row[window * 2]).toBeLessThanOrEqual(within(windowMs))
          expect(row[window * 2]).toBeGreaterThanOrEqual(within(windowMs - (bucketMs ?? NaN)))
          expect(row[window * 2 + 1]).toBe(row[window * 2])
        })
      }),
    )
  })
})
