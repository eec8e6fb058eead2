import { describe, expect, it } from 'vitest'
import {
  decidedPerSecond,
  backlogAt,
  insideAgainMs,
  overdue,
  overdueFrom,
  unanswered,
} from '../../../../bench/overload/answers.ts'
import type { AnswerTimes } from '../../../../bench/overload/program.ts'

/** One payment each 10 ms, each with the latency that `latencyOf` gives it. */
const timesOf = (count: number, latencyOf: (atMs: number) => number | null): AnswerTimes => {
  const intendedMs = Array.from({ length: count }, (_, i) => i * 10)
  const answeredMs = intendedMs.map((at) => {
    const latency = latencyOf(at)
    return latency === null ? null : at + latency
  })
  return { intendedMs, answeredMs, decidedMs: answeredMs }
}

const deadlineMs = 1_000

describe('answers of a surge', () => {
  it('that are always in time: nothing waits for long, and nothing has to come back', () => {
    const calm = timesOf(2_000, () => 30)
    expect(decidedPerSecond(calm, { fromMs: 1_000, toMs: 11_000 })).toBeCloseTo(100)
    expect(backlogAt(calm, 10_005)).toBe(3)
    expect(overdue(calm, deadlineMs)).toBe(0)
    expect(insideAgainMs(calm, 5_000, deadlineMs)).toBe(0)
  })

  it('are inside again from the first slice of the steady ones on', () => {
    // Sent until 12 s: answered 3 s later, the last of them at 15 s.
    const surge = timesOf(4_000, (at) => (at < 12_000 ? 3_000 : 50))
    expect(backlogAt(surge, 12_000)).toBe(300)
    expect(insideAgainMs(surge, 12_000, deadlineMs)).toBe(3_000)
    expect(overdue(surge, deadlineMs)).toBe(1_200)
    expect(overdueFrom(surge, deadlineMs, 15_000)).toBe(0)
  })

  it('one trouble long after it is another one, and is told', () => {
    const twice = timesOf(6_000, (at) => (at < 12_000 || (at >= 40_000 && at < 41_000) ? 3_000 : 50))
    expect(insideAgainMs(twice, 12_000, deadlineMs)).toBe(3_000)
    expect(overdueFrom(twice, deadlineMs, 15_000)).toBe(100)
  })

  it('trouble that comes back soon is the same one', () => {
    const back = timesOf(6_000, (at) => (at < 12_000 || (at >= 18_000 && at < 19_000) ? 3_000 : 50))
    expect(insideAgainMs(back, 12_000, deadlineMs)).toBe(10_000)
  })

  it('that never get inside again have no time: not known, never 0', () => {
    expect(
      insideAgainMs(
        timesOf(4_000, () => 3_000),
        12_000,
        deadlineMs,
      ),
    ).toBeNaN()
  })

  it('that never come are missing and overdue, and wait to the end', () => {
    const lost = timesOf(1_000, (at) => (at === 500 ? null : 50))
    expect(unanswered(lost)).toBe(1)
    expect(overdue(lost, deadlineMs)).toBe(1)
    expect(backlogAt(lost, 1e9)).toBe(1)
  })
})
