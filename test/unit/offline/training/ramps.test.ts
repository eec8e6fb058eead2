import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forward } from '../../../../src/offline/training/forward.ts'
import type { Inputs } from '../../../../src/offline/training/inputs.ts'
import { fitRamps, rampLayer, throughRamps } from '../../../../src/offline/training/ramps.ts'

const column = (values: readonly number[], frauds: readonly number[] = []): Inputs => ({
  columns: 1,
  values: Float32Array.from(values),
  labels: Float32Array.from(values, (_, at) => (frauds.includes(at) ? 1 : 0)),
})

describe('ramps', () => {
  it('lie between thresholds, more of them where frauds are', () => {
    const values = Array.from({ length: 101 }, (_, at) => at / 10)
    const { starts, ends } = fitRamps(column(values, [90, 91, 92, 93, 94]), 8)
    expect(starts[0]).toBe(0)
    expect(ends.at(-1)).toBe(10)
    expect(starts.filter((start) => start >= 9 && start < 9.4).length).toBeGreaterThanOrEqual(3)
    expect([...starts].slice(1)).toEqual([...ends].slice(0, -1))
  })

  it('are none for an input that never changes', () => {
    expect(fitRamps(column([3, 3, 3], [1]), 8).columns).toHaveLength(0)
  })

  it('give in the layer what they give in training, and never fall', () => {
    const value = fc.float({ min: -4, max: 4, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 3, maxLength: 60 }),
        fc.array(value, { minLength: 1 }),
        (fit, seen) => {
          const ramps = fitRamps(column(fit, [0, 1]), 6)
          const layer = rampLayer(ramps, 1)
          const rising = Float32Array.from(seen).toSorted()
          const { values, columns } = throughRamps(layer, ramps, column([...rising]))
          for (let row = 0; row < rising.length; row++)
            for (let unit = 0; unit < columns; unit++) {
              const one = values[row * columns + unit]!
              const kernel = Float32Array.from({ length: columns }, (_, at) => (at === unit ? 1 : 0))
              const pick = {
                inputs: columns,
                units: 1,
                activation: 'linear' as const,
                kernel,
                bias: Float32Array.of(0),
              }
              expect(one).toBeCloseTo(
                forward({ ramps: layer, members: [[pick]] }, rising.subarray(row, row + 1)),
                4,
              )
              expect(one).toBeGreaterThanOrEqual(row === 0 ? 0 : values[(row - 1) * columns + unit]!)
            }
        },
      ),
      { numRuns: 60 },
    )
  })
})
