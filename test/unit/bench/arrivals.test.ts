import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrivals } from '../../../bench/arrivals.ts'

describe('the times of an open loop', () => {
  it('are as many as the rate asks for, each phase after the one before', () => {
    const times = arrivals(
      [
        { perSecond: 1_000, seconds: 2 },
        { perSecond: 10, seconds: 3 },
      ],
      1,
    )
    expect(times.filter((ms) => ms < 2_000)).toHaveLength(2_000)
    expect(times.filter((ms) => ms >= 2_000 && ms < 5_000)).toHaveLength(30)
    expect(times).toHaveLength(2_030)
  })

  it('come in bunches, as those of independent payers do', () => {
    const times = arrivals([{ perSecond: 1_000, seconds: 10 }], 2)
    const gaps = Array.from(times.slice(1), (ms, i) => ms - (times[i] ?? 0))
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
    expect(mean).toBeCloseTo(1, 1)
    expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1)
  })

  it('are the same for the same seed and others for another', () => {
    const phases = [{ perSecond: 100, seconds: 1 }]
    expect(arrivals(phases, 5)).toEqual(arrivals(phases, 5))
    expect(arrivals(phases, 5)).not.toEqual(arrivals(phases, 6))
  })

  it('ascend and stay inside their phases', () => {
    const phase = fc.record({
      perSecond: fc.integer({ min: 0, max: 200 }),
      seconds: fc.double({ min: 0, max: 5, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(phase, { maxLength: 4 }), fc.integer(), (phases, seed) => {
        const times = arrivals(phases, seed)
        const endMs = phases.reduce((sum, { seconds }) => sum + seconds * 1_000, 0)
        expect([...times]).toEqual([...times].toSorted((a, b) => a - b))
        expect(times.every((ms) => ms >= 0 && ms <= endMs)).toBe(true)
      }),
    )
  })
})
