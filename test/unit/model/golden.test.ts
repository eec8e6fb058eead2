import { describe, expect, it } from 'vitest'
import { sigmoid } from '../../../src/model/calibrate.ts'
import { checkGolden } from '../../../src/model/golden.ts'
import { inputsOf } from '../../../src/model/inputs.ts'
import type { Manifest } from '../../../src/model/manifest.ts'
import type { Runner } from '../../../src/model/runner.ts'
import { throwing } from '../../support/model/throwing.ts'

const count = 150
const logit = (at: number): number => (at - count / 2) / 20

/** A network that gives back its one input. */
const manifest: Manifest = {
  manifestVersion: 1,
  id: 'm',
  version: '1',
  format: 'tfjs-layers',
  output: 'logit',
  files: {},
  features: [{ name: 'payment.amount', mean: 0, scale: 1, whenMissing: 0, missingIndicator: false }],
  calibration: { kind: 'none' },
  reasonGroups: [],
  goldenTolerance: 1e-6,
  goldenVectors: Array.from({ length: count }, (_, at) => ({
    row: [logit(at)],
    probability: sigmoid(Math.fround(logit(at))),
  })),
  training: {},
  metrics: {},
  thresholds: [],
}
const compileInputs = inputsOf({ manifest, network: { format: 'tfjs-layers', artifacts: {} } })

const sizesOf = (spoil: (rows: number, row: number, input: number) => number) => {
  const sizes: number[] = []
  const run: Runner = (rows, write) => {
    sizes.push(rows)
    return Float64Array.from({ length: rows }, (_, row) => {
      const into = new Float32Array(1)
      write(row, into, 0)
      return spoil(rows, row, into[0]!)
    })
  }
  return { sizes, check: () => [...checkGolden(manifest, compileInputs, run)] }
}

describe('golden vectors', () => {
  it('are each asked alone and among others, in no call larger than a full batch', () => {
    const { sizes, check } = sizesOf((_rows, _row, input) => input)
    expect(check()).toHaveLength(count)
    expect(Math.max(...sizes)).toBe(64)
    expect(sizes.filter((size) => size > 1)).toEqual([64, 64, count - 128])
    expect(sizes.filter((size) => size === 1)).toHaveLength(count)
  })

  it.each([
    ['alone', (rows: number, _row: number, input: number) => (rows === 1 && input > 3.6 ? input + 1 : input)],
    ['among others', (rows: number, row: number, input: number) => (rows === 22 && row === 20 ? NaN : input)],
  ])('that are off %s are found, wherever they stand', (_how, spoil) => {
    const error = throwing(() => sizesOf(spoil).check())
    expect(error).toMatchObject({ code: 'MODEL_UNVERIFIED' })
    expect(error.message).toMatch(/golden vector 14[78]/)
  })
})
