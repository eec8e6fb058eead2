import { describe, expect, test } from 'vitest'
import { allLevel, judge, type Sample } from '../../../../bench/soak/sample.ts'

const sample = (day: number, bytes: number, processBytes = NaN): Sample => ({
  day,
  payments: day,
  keys: 7,
  logBytes: bytes,
  redisBytes: bytes,
  processBytes,
  folds: 0,
})
const days = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]
const ratioOf = (samples: readonly Sample[], of: string): number =>
  judge(samples, 120, 0.05).find((verdict) => verdict.of === of)?.ratio ?? NaN

describe('the verdict of a soak', () => {
  test('compares the mean of the last third with that of the middle third', () => {
    const samples = days.map((day) => sample(day, day <= 40 ? 1 : day <= 80 ? 100 : 104))
    expect(ratioOf(samples, 'logBytes')).toBeCloseTo(1.04, 10)
    expect(allLevel(judge(samples, 120, 0.05))).toBe(true)
    expect(allLevel(judge(samples, 120, 0.03))).toBe(false)
  })

  test('finds steady growth, in one of them alone too', () => {
    expect(
      allLevel(
        judge(
          days.map((day) => sample(day, day)),
          120,
          0.05,
        ),
      ),
    ).toBe(false)
    expect(
      allLevel(
        judge(
          days.map((day) => sample(day, 5, day)),
          120,
          0.05,
        ),
      ),
    ).toBe(false)
  })

  test('lets pass what cannot be measured, unless that is all', () => {
    expect(
      allLevel(
        judge(
          days.map((day) => sample(day, 5)),
          120,
          0.05,
        ),
      ),
    ).toBe(true)
    expect(allLevel(judge([], 120, 0.05))).toBe(false)
  })
})
