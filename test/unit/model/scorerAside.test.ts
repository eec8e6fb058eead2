import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadBundle, type Model } from '../../../src/model/bundle.file.ts'
import { mostRows } from '../../../src/model/exchange.ts'
import { createOpening } from '../../../src/model/openScorer.ts'
import type { Pin } from '../../../src/model/pin.ts'
import { createScorer, type Scorer } from '../../../src/model/scorer.ts'
import { createScorerAside } from '../../../src/model/scorerAside.thread.ts'
import { featureNames, makeExamples } from '../../support/model/examples.ts'
import { writeMadeUpBundle } from '../../support/model/bundle.ts'
import { rejecting } from '../../support/model/throwing.ts'

/** Each thread loads TF.js and, here, the sources through tsx. */
const threadsMs = 90_000

/** Not the model's own order, and one place more. */
const featureIndex = new Map([...featureNames].reverse().map((name, at) => [name, at + 1]))
const rowsOf = (count: number): readonly Float64Array[] =>
  makeExamples(count).map(({ row }) => Float64Array.of(NaN, ...[...row].reverse()))

let models: string
let model: Model
let here: Scorer
let aside: Scorer
beforeAll(async () => {
  models = await writeMadeUpBundle()
  model = (await loadBundle(models)).champion
  here = await createScorer(model, featureIndex)
  aside = await createScorerAside(model, featureIndex)
}, threadsMs)
afterAll(async () => {
  aside.dispose()
  here.dispose()
  await rm(models, { recursive: true })
})

describe('a scorer in a thread of its own', { timeout: threadsMs }, () => {
  it.each([0, 1, 64, mostRows, mostRows + 1, 3 * mostRows])(
    'gives for %d rows, bit for bit, what one in this thread gives',
    (count) => {
      const rows = rowsOf(count)
      expect(aside.score(rows)).toEqual(here.score(rows))
      expect(aside.explain(rows.slice(0, 70))).toEqual(here.explain(rows.slice(0, 70)))
    },
  )

  it('is the same model, with as many tensors', () => {
    expect(aside.model).toBe(here.model)
    expect(aside.reasonCodes).toEqual(here.reasonCodes)
    expect(aside.tensorCount()).toBe(here.tensorCount())
  })

  it('says what is wrong with a model, as one in this thread does', async () => {
    const goldenVectors = model.manifest.goldenVectors.map(({ row }) => ({ row, probability: 0.123 }))
    const off = { ...model, manifest: { ...model.manifest, goldenVectors } }
    const error = await rejecting(createScorerAside(off, featureIndex))
    expect(error).toMatchObject({ code: 'MODEL_UNVERIFIED' })
    expect(error.message).toMatch(/golden vector 0/)
  })

  it('refuses to score once it is disposed of', async () => {
    const gone = await createScorerAside(model, featureIndex)
    gone.dispose()
    expect(() => gone.score(rowsOf(1))).toThrow('its thread was disposed of')
  })

  it('is taken for a model that is pinned to another engine: that of this thread goes on', async () => {
    const { version_cpu: version } = await import('@tensorflow/tfjs-backend-cpu')
    const pin: Pin = { backend: 'cpu', version, batchShapes: [] }
    const { openScorer: open } = createOpening()
    const wasm = await open(model, featureIndex)
    const cpu = await open({ ...model, pin }, featureIndex)
    const rows = rowsOf(20)
    const [ofWasm, ofCpu] = [wasm.score(rows), cpu.score(rows)]
    expect(ofWasm).toEqual(here.score(rows))
    ofCpu.forEach((score, i) => expect(score).toBeCloseTo(ofWasm[i] ?? NaN, 5))
    expect(ofCpu).not.toEqual(ofWasm)
    for (const scorer of [wasm, cpu]) scorer.dispose()
  })
})
