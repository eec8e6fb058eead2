import { describe, expect, it } from 'vitest'
import { drainBetween, measuredPart, type Sample } from '../../../bench/drain.ts'

const sample = (at: number, decided: number, nodeCpuMs = 0, redisCpuMs: number | null = 0): Sample => ({
  at,
  decided,
  nodeCpuMs,
  redisCpuMs,
})

const memory = { most: 300, copies: 100 }

describe('a drain', () => {
  it('is measured from the end of the warm-up to the last decision', () => {
    const samples = [
      sample(0, 0),
      sample(100, 150),
      sample(200, 250),
      sample(300, 900),
      sample(400, 1_000),
      sample(500, 1_000),
    ]
    expect(measuredPart(samples, 1_000, 0.2).map(({ at }) => at)).toEqual([200, 400])
  })

  it('that was over before it was looked at is refused', () => {
    expect(() => measuredPart([sample(0, 0), sample(100, 1_000)], 1_000, 0.2)).toThrow('too few samples')
  })

  it('has a rate and a cost a payment', () => {
    const result = drainBetween(sample(1_000, 200, 500, 100), sample(3_000, 10_200, 1_500, 200), memory, 0)
    expect(result).toEqual({
      payments: 10_000,
      paymentsPerSecond: 5_000,
      nodeMicros: 100,
      redisMicros: 10,
      cpuMicros: 110,
      peakRssMib: 300,
      copiesMib: 100,
      degraded: 0,
    })
  })

  it('leaves out the cost of a Redis that is not ours', () => {
    const result = drainBetween(sample(0, 0, 0, null), sample(1_000, 100, 10, null), memory, 0)
    expect(result).toMatchObject({ nodeMicros: 100, redisMicros: null, cpuMicros: null })
  })
})
