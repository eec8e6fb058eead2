import { describe, expect, it } from 'vitest'
import { type DriftFlags, exportDrift, startDriftTimer } from '../../../src/compose/driftTimer.ts'
import { createDriftWatch } from '../../../src/compose/driftWatch.ts'
import type { Drift } from '../../../src/model/drift.ts'
import { fitBaseline } from '../../../src/model/fitBaseline.ts'
import { anAssessed } from '../../support/payments.ts'

const scores = Array.from({ length: 1_000 }, (_, at) => at / 1_000)
const baseline = fitBaseline(
  scores.map((_, at) => [at % 10]),
  ['a'],
  scores,
)
const watching = () =>
  createDriftWatch({ id: 'm', version: '1', baseline }, new Map([['a', 0]]), 60_000, () => 5)
const payments = (model: string, value: (at: number) => number) =>
  scores.map((probability, at) => anAssessed({ model, probability, features: Float64Array.of(value(at)) }))

describe('the watch on drift', () => {
  it('counts features of every payment, and scores of the champion alone', () => {
    const watch = watching()
    watch.count(payments('m/1', (at) => at % 10))
    watch.count(payments('m/2', (at) => at % 10))
    const [score, a] = watch.measure()
    expect([score?.name, score?.count, a?.name, a?.count]).toEqual(['score', 1_000, 'a', 2_000])
    expect(score?.psi).toBeLessThan(0.01)
    expect(a?.psi).toBeLessThan(0.01)
  })

  it('takes no note of payments that features were left out of: nothing moved but what we did', () => {
    const watch = watching()
    watch.count(payments('m/1', (at) => at % 10))
    const calm = watch.measure()
    watch.count(payments('m/1', () => NaN).map((payment) => ({ ...payment, shed: ['optional_features'] })))
    expect(watch.measure()).toEqual(calm)
  })

  it('has nothing to say of a model without a baseline', () => {
    const watch = createDriftWatch({ id: 'm', version: '1', baseline: undefined }, new Map(), 60_000, () => 5)
    watch.count(payments('m/1', () => 1))
    expect(watch.measure()).toEqual([])
  })
})

describe('the timer', () => {
  it('raises a flag for what moved, tells of it once, and takes it back', () => {
    let watch = watching()
    const told: DriftFlags[] = []
    const measured: number[] = []
    const timer = startDriftTimer({
      measure: () => watch.measure(),
      limit: 0.25,
      everyMs: 3_600_000,
      onMeasured: (_, flagged) => measured.push(flagged),
      onFlags: (flags) => told.push(flags),
    })
    expect(timer.details()).toEqual({ limit: 0.25, flagged: false, flags: {} })
    watch.count(payments('m/1', () => 9))
    timer.measureNow()
    timer.measureNow()
    expect(timer.details().flagged).toBe(true)
    expect(timer.details().flags['a']).toMatch(/^PSI \d+\.\d{3}, 1000 payments$/)
    watch = watching()
    timer.measureNow()
    timer.stop()
    expect(timer.details().flagged).toBe(false)
    expect([measured, told.map((flags) => Object.keys(flags))]).toEqual([
      [1, 1, 0],
      [['a'], []],
    ])
  })

  it('exports what is not known as NaN', () => {
    const drift: Drift = {
      name: 'a',
      psi: NaN,
      count: 3,
      unknownShare: NaN,
      baselineUnknownShare: 0,
      unknownPsi: NaN,
    }
    const exported: unknown[] = []
    const keep = (value: unknown): number => exported.push(value)
    exportDrift({ setPsi: keep, setUnknownShares: keep, setDriftPayments: keep, setDrifted: keep })(
      [drift],
      0,
    )
    expect(exported).toEqual([new Map([['a', NaN]]), new Map([['a', NaN]]), 3, 0])
  })
})
