import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileLogOdds, sigmoid } from '../../../../src/model/calibrate.ts'
import { createRng } from '../../../../src/offline/simulator/rng.ts'
import { fitIsotonic } from '../../../../src/offline/training/isotonic.ts'

describe('isotonic calibration', () => {
  it('finds a curve that no line of log-odds is', () => {
    const rng = createRng(5)
    const truth = (logit: number): number => (logit < 0 ? 0.02 : 0.3)
    const logits = Float64Array.from({ length: 20_000 }, () => rng.normal())
    const labels = logits.map((logit) => (rng.chance(truth(logit)) ? 1 : 0))
    const logOdds = compileLogOdds('logit', fitIsotonic(logits, labels))
    for (const logit of [-1.5, -0.5, 0.5, 1.5]) expect(sigmoid(logOdds(logit))).toBeCloseTo(truth(logit), 1)
  })

  it('never falls, is never sure, and gives equal outputs one probability', () => {
    const row = fc.tuple(fc.integer({ min: -5, max: 5 }), fc.constantFrom(0, 1))
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 60 }), (rows) => {
        fc.pre(new Set(rows.map(([, label]) => label)).size === 2)
        const { points } = fitIsotonic(
          rows.map(([logit]) => logit),
          rows.map(([, label]) => label),
        )
        expect(points.every(([x], at) => at === 0 || x > points[at - 1]![0])).toBe(true)
        expect(points.every(([, p], at) => at === 0 || p >= points[at - 1]![1])).toBe(true)
        expect(points.every(([, p]) => p > 0 && p < 1)).toBe(true)
      }),
    )
  })
})
