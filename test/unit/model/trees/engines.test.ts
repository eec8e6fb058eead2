import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Backend, openBackend } from '../../../../src/model/backend.ts'
import { sigmoid } from '../../../../src/model/calibrate.ts'
import { type BackendName, backendNames } from '../../../../src/model/pin.ts'
import { compileForest } from '../../../../src/model/trees/compileForest.ts'
import { anyForest, anyRows } from '../../../support/trees/anyForest.ts'
import { logOddsOn } from '../../../support/trees/evaluate.ts'
import { libraryModels, readLibraryModel } from '../../../support/trees/library.ts'
import { naiveLogOdds } from '../../../support/trees/naiveForest.ts'

const folder = fileURLToPath(new URL('../../../support/trees/library', import.meta.url))

const available: BackendName[] = []
for (const name of backendNames) {
  try {
    await openBackend(name)
    available.push(name)
  } catch {
    process.stdout.write(`skipped: backend ${name} cannot run here\n`)
  }
}

describe('the naive walk', () => {
  it.each(libraryModels)('gives what the library gives: %s', (name) => {
    const { forest, rows, probabilities } = readLibraryModel(folder, name)
    rows.forEach((row, at) =>
      expect(Math.abs(sigmoid(naiveLogOdds(forest, row)) - probabilities[at]!), `row ${at}`).toBeLessThan(
        1e-6,
      ),
    )
  })
})

describe.each(available)('trees on %s', (name) => {
  let backend: Backend
  beforeAll(async () => {
    backend = await openBackend(name)
  })

  it.each(libraryModels)('give the scores of the library: %s', async (model) => {
    const { forest, rows, probabilities } = readLibraryModel(folder, model)
    const logOdds = await logOddsOn(backend, compileForest(forest), rows)
    expect(logOdds).toHaveLength(rows.length)
    expect(rows.length).toBeGreaterThan(200)
    probabilities.forEach((probability, at) =>
      expect(Math.abs(sigmoid(logOdds[at]!) - probability), `row ${at}`).toBeLessThan(1e-6),
    )
  })

  it('give a row the same score alone, among others, and at any place', async () => {
    const { forest, rows } = readLibraryModel(folder, 'xgboost')
    const ensemble = compileForest(forest)
    const some = rows.slice(0, 64)
    const together = await logOddsOn(backend, ensemble, some)
    const turned = await logOddsOn(backend, ensemble, some.toReversed())
    expect(Array.from(turned.toReversed())).toEqual(Array.from(together))
    for (const at of [0, 17, 63])
      expect((await logOddsOn(backend, ensemble, [some[at]!]))[0]).toBe(together[at])
  })

  it('keep no tensors', async () => {
    const { forest, rows } = readLibraryModel(folder, 'lightgbm')
    const before = backend.tensorCount()
    await logOddsOn(backend, compileForest(forest), rows)
    expect(backend.tensorCount()).toBe(before)
  })

  it('agree with the naive walk, whatever the trees and the rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyForest.chain((forest) => fc.tuple(fc.constant(forest), anyRows(forest))),
        async ([forest, rows]) => {
          const found = await logOddsOn(backend, compileForest(forest), rows)
          rows.forEach((row, at) =>
            expect(Math.abs(found[at]! - naiveLogOdds(forest, row))).toBeLessThan(1e-4),
          )
        },
      ),
      { numRuns: name === 'trees' ? 400 : 60 },
    )
  })
})
