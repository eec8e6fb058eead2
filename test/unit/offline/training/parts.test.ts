import { describe, expect, it } from 'vitest'
import { sigmoid } from '../../../../src/model/calibrate.ts'
import { readableJson } from '../../../../src/offline/training/artifactWriter.file.ts'
import { joinLabels, splitByTime } from '../../../../src/offline/training/dataset.ts'
import { baselineOf, fitFeature } from '../../../../src/offline/training/fitPreprocess.ts'
import { fitPlatt } from '../../../../src/offline/training/platt.ts'
import { parseSpec } from '../../../../src/offline/training/spec.ts'
import { createRng } from '../../../../src/offline/simulator/rng.ts'
import { spec } from '../../../support/model/examples.ts'
import { throwing } from '../../../support/model/throwing.ts'

const dayMs = 86_400_000
const example = (day: number, fraud: 0 | 1) => ({ row: Float64Array.of(day), fraud, occurredAt: day * dayMs })

describe('split', () => {
  it('keeps the last part for validation, with a gap before it and a warm-up at the beginning', () => {
    const examples = Array.from({ length: 31 * 2 }, (_, at) =>
      example(Math.floor(at / 2), at % 2 === 0 ? 0 : 1),
    )
    const { training, validation } = splitByTime(examples, {
      warmUpDays: 10,
      validationShare: 0.25,
      gapDays: 3,
    })
    const days = (part: typeof training) => [part[0]!.row[0], part.at(-1)!.row[0]]
    expect(days(training)).toEqual([10, 21])
    expect(days(validation)).toEqual([25, 30])
  })

  it('refuses a part without frauds', () => {
    const examples = [example(0, 1), example(0, 0), example(1, 0)]
    const error = throwing(() => splitByTime(examples, { warmUpDays: 0, validationShare: 0.5, gapDays: 0 }))
    expect(error).toMatchObject({ code: 'FILE_INVALID' })
    expect(error.message).toMatch(/validation part: .* found 0 frauds among 1/)
  })
})

describe('labels', () => {
  const table = {
    features: ['a'],
    paymentIds: ['x', 'y', 'z'],
    rows: [1, 2, 3].map((value) => Float64Array.of(value)),
  }
  const label = (paymentId: string, occurredAt: number, fraud: boolean) =>
    [paymentId, { paymentId, occurredAt, accountId: 'a', fraud, knownAt: null, scenario: null }] as const

  it('are joined by payment, in the order of time; payments without one are left out', () => {
    const joined = joinLabels(
      table,
      new Map([label('z', 1, true), label('x', 2, false), label('other', 0, true)]),
    )
    expect(joined.map(({ row, fraud }) => [row[0], fraud])).toEqual([
      [3, 1],
      [1, 0],
    ])
  })

  it('must be of both kinds', () => {
    expect(throwing(() => joinLabels(table, new Map([label('x', 1, true)]))).code).toBe('FILE_INVALID')
  })
})

describe('what is learned of a feature', () => {
  it('takes the logarithm of a long tail, and keeps the tail', () => {
    const amounts = Array.from({ length: 2_000 }, (_, at) => Math.exp(at / 200))
    expect(fitFeature('a', amounts)).toMatchObject({
      log1p: true,
      clip: [1, 21916.6],
      missingIndicator: false,
    })
  })

  it('does not clip a rare flag away', () => {
    const flags = Array.from({ length: 5_000 }, (_, at) => (at === 7 ? 1 : 0))
    expect(fitFeature('a', flags).clip).toEqual([0, 1])
  })

  it('clips what is far out, and gives the middle for the unknown', () => {
    const values = [NaN, NaN, 1e12, ...Array.from({ length: 10_000 }, (_, at) => Math.sin(at))]
    const fitted = fitFeature('a', values)
    expect(fitted.clip![1]).toBeLessThan(1e9)
    expect(fitted.whenMissing).toBeCloseTo(0, 2)
    expect(fitted.missingIndicator).toBe(false)
    expect(fitFeature('a', [NaN, 1, 2, 3]).missingIndicator).toBe(true)
  })

  it('stands a feature that was never known, or never changed', () => {
    expect(fitFeature('a', [NaN, NaN])).toMatchObject({ scale: 1, whenMissing: 0, missingIndicator: false })
    expect(fitFeature('a', [5, 5, 5])).toMatchObject({ mean: 5, scale: 1, whenMissing: 5 })
  })

  it('has as its baseline the middle, or nothing where most is unknown', () => {
    expect(baselineOf([1, 2, 30, NaN])).toBe(2)
    expect(baselineOf([1, NaN, NaN])).toBe(null)
  })
})

describe('calibration', () => {
  it('finds the line that made the labels', () => {
    const rng = createRng(3)
    const logits = Float64Array.from({ length: 40_000 }, () => rng.normal() * 2)
    const labels = logits.map((logit) => (rng.chance(sigmoid(0.6 * logit - 2)) ? 1 : 0))
    const { a, b } = fitPlatt(logits, labels)
    expect(a).toBeCloseTo(0.6, 1)
    expect(b).toBeCloseTo(-2, 1)
  })

  it('stays finite where the labels are in perfect order', () => {
    const { a, b } = fitPlatt([-2, -1, 1, 2], [0, 0, 1, 1])
    expect(Number.isFinite(a) && Number.isFinite(b) && a > 0).toBe(true)
  })
})

describe('spec', () => {
  it('is read', () => {
    expect(parseSpec(JSON.stringify(spec), 'spec.yaml')).toEqual(spec)
  })
  it.each([
    ['a reason group for another feature', { ...spec, reasonGroups: { A: ['x.y'] } }, /may name only/],
    ['a misspelt key', { ...spec, epoch: 3 }, /epoch/],
    ['no features', { ...spec, features: [], reasonGroups: {} }, /features/],
    ['a repeated feature', { ...spec, features: ['a', 'a'], reasonGroups: {} }, /twice/],
  ])('refuses %s', (_what, wrong, expected) => {
    const error = throwing(() => parseSpec(JSON.stringify(wrong), 'spec.yaml'))
    expect(error.code).toBe('FILE_INVALID')
    expect(error.message).toMatch(expected)
  })
})

describe('readable JSON', () => {
  it('is the same value', () => {
    const value = {
      a: [1, null, 'x'],
      b: { c: Array.from({ length: 80 }, (_, at) => at), d: [] },
      e: undefined,
    }
    expect(JSON.parse(readableJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
  })
})
