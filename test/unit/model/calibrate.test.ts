import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileLogOdds, sigmoid } from '../../../src/model/calibrate.ts'
import { parseManifest, type Calibration } from '../../../src/model/manifest.ts'
import { goodManifest } from '../../support/model/manifest.ts'
import { throwing } from '../../support/model/throwing.ts'

const probabilityOf = (output: 'logit' | 'probability', calibration: Calibration, x: number): number =>
  sigmoid(compileLogOdds(output, calibration)(x))

const table = [
  [-2, 0.1],
  [0, 0.1],
  [2, 0.5],
] as const

describe('calibration', () => {
  it('none: what the network says', () => {
    expect(probabilityOf('logit', { kind: 'none' }, 0)).toBe(0.5)
    expect(probabilityOf('probability', { kind: 'none' }, 0.25)).toBeCloseTo(0.25, 12)
  })

  it('platt: a line on the logit, of a probability too', () => {
    expect(probabilityOf('logit', { kind: 'platt', a: 2, b: -1 }, 0.5)).toBe(0.5)
    expect(probabilityOf('probability', { kind: 'platt', a: 1, b: 0 }, 0.2)).toBeCloseTo(0.2, 12)
  })

  it.each([
    ['linear', -9, 0.1],
    ['linear', -1, 0.1],
    ['linear', 1, 0.3],
    ['linear', 9, 0.5],
    ['step', -9, 0.1],
    ['step', 1.99, 0.1],
    ['step', 2, 0.5],
    ['step', 9, 0.5],
  ] as const)('isotonic, %s: %d gives %d', (interpolation, x, expected) => {
    expect(probabilityOf('logit', { kind: 'isotonic', interpolation, points: table }, x)).toBeCloseTo(
      expected,
      12,
    )
  })

  it('isotonic looks up the output as it comes, a probability too', () => {
    const points = [
      [0.2, 0.01],
      [0.6, 0.05],
    ] as const
    const calibration = { kind: 'isotonic', interpolation: 'linear', points } as const
    expect(probabilityOf('probability', calibration, 0.4)).toBeCloseTo(0.03, 12)
  })

  it('is not known where the network gives no finite number', () => {
    for (const x of [NaN, Infinity, -Infinity])
      expect(compileLogOdds('logit', { kind: 'isotonic', interpolation: 'step', points: table })(x)).toBeNaN()
  })

  it.each([
    [
      'outputs',
      [
        [1, 0.1],
        [1, 0.2],
      ],
      /outputs of points must rise/,
    ],
    [
      'probabilities',
      [
        [1, 0.2],
        [2, 0.1],
      ],
      /probabilities of points must not fall/,
    ],
    ['no points', [], /points/],
    ['more than certain', [[1, 1.5]], /points/],
  ])('refuses a table that is not monotone: %s', (_what, points, expected) => {
    const calibration = { kind: 'isotonic', interpolation: 'linear', points }
    const error = throwing(() => parseManifest(JSON.stringify({ ...goodManifest, calibration }), 'm'))
    expect(error.code).toBe('MODEL_INVALID')
    expect(error.message).toMatch(expected)
  })
})

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const anyTable = fc
  .tuple(
    fc.uniqueArray(
      finite.map((value) => value + 0),
      { minLength: 1, maxLength: 9 },
    ),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 }),
    fc.constantFrom('linear', 'step'),
  )
  .map(([outputs, shares, interpolation]) => {
    const rise = shares.toSorted((a, b) => a - b)
    const points = outputs.toSorted((a, b) => a - b).map((output, at) => [output, rise[at]!] as const)
    return { kind: 'isotonic', interpolation, points } as const
  })

describe('properties', () => {
  it('isotonic: monotone, with finite log-odds, and never beyond its neighbours in the table', () => {
    fc.assert(
      fc.property(anyTable, finite, finite, (calibration, one, other) => {
        const logOdds = compileLogOdds('logit', calibration)
        const [low, high] = [logOdds(Math.min(one, other)), logOdds(Math.max(one, other))]
        expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true)
        expect(low).toBeLessThanOrEqual(high)
        const shares = calibration.points.map(([, share]) => share)
        expect(sigmoid(low)).toBeGreaterThanOrEqual(Math.min(...shares) - 1e-9)
        expect(sigmoid(high)).toBeLessThanOrEqual(Math.max(...shares, 1e-7) + 1e-9)
      }),
      { numRuns: 500 },
    )
  })

  it('platt: monotone, with log-odds whose differences are finite, however steep it is', () => {
    const steep = fc.record({
      a: fc.double({ min: 1e-300, noNaN: true, noDefaultInfinity: true }),
      b: finite,
    })
    fc.assert(
      fc.property(steep, finite, finite, (line, one, other) => {
        const logOdds = compileLogOdds('logit', { kind: 'platt', ...line })
        const [low, high] = [logOdds(Math.min(one, other)), logOdds(Math.max(one, other))]
        expect(Number.isFinite(high - low)).toBe(true)
        expect(low).toBeLessThanOrEqual(high)
      }),
      { numRuns: 500 },
    )
  })

  it('isotonic: at a point of the table, what the table says', () => {
    fc.assert(
      fc.property(anyTable, (calibration) => {
        for (const [output, share] of calibration.points)
          expect(Math.abs(probabilityOf('logit', calibration, output) - share)).toBeLessThan(2e-7)
      }),
    )
  })
})
