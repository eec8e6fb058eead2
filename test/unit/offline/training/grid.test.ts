import { describe, expect, it } from 'vitest'
import { variantsOf } from '../../../../src/offline/training/grid.ts'
import { chooseSpec } from '../../../../src/offline/training/trainGrid.process.ts'
import { makeExamples, spec } from '../../../support/model/examples.ts'
import { throwing } from '../../../support/model/throwing.ts'

describe('a grid', () => {
  it('is every combination, in its order', () => {
    const grid = { epochs: [2, 3], hidden: [[4], [8, 4]] }
    expect(variantsOf({ ...spec, grid }, 'spec.yaml').map(({ changes }) => changes)).toEqual([
      { epochs: 2, hidden: [4] },
      { epochs: 2, hidden: [8, 4] },
      { epochs: 3, hidden: [4] },
      { epochs: 3, hidden: [8, 4] },
    ])
    expect(variantsOf(spec, 'spec.yaml')).toEqual([{ changes: {}, spec }])
  })

  it.each([
    ['what is learned', { features: [['payment.amount']] }, /features cannot be varied/],
    ['a field that there is not', { epoch: [1] }, /epoch/],
    ['a value that cannot be', { epochs: [0] }, /epochs/],
  ])('refuses %s', (_what, grid, expected) => {
    const error = throwing(() => variantsOf({ ...spec, grid }, 'spec.yaml'))
    expect(error).toMatchObject({ code: 'FILE_INVALID' })
    expect(error.message).toMatch(expected)
  })

  it('is tried in threads, and the best is chosen', async () => {
    const grid = { learningRate: [1e-7, 0.01] }
    const small = { ...spec, epochs: 2, grid }
    const chosen = await chooseSpec(small, 'spec.yaml', makeExamples(3_000), 'wasm', () => undefined)
    expect(chosen.spec).toMatchObject({ learningRate: 0.01, grid: {} })
    expect(chosen.tried[1]!.averagePrecision).toBeGreaterThan(chosen.tried[0]!.averagePrecision)
  }, 120_000)
})
