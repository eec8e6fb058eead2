import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SluiceError } from '../../../src/errors.ts'
import { loadBundle, type Model } from '../../../src/model/bundle.file.ts'
import type { Engine } from '../../../src/model/engine.ts'
import { createOpening } from '../../../src/model/openScorer.ts'
import { openOnAny } from '../../../src/model/otherBackends.ts'
import type { Pin } from '../../../src/model/pin.ts'
import { featureNames, makeExamples } from '../../support/model/examples.ts'
import { writeMadeUpBundle } from '../../support/model/bundle.ts'
import { rejecting } from '../../support/model/throwing.ts'

const index = new Map(featureNames.map((name, at) => [name, at]))
const rows = makeExamples(20).map(({ row }) => row)
let models: string
let model: Model
beforeAll(async () => {
  models = await writeMadeUpBundle()
  model = (await loadBundle(models)).champion
})
afterAll(() => rm(models, { recursive: true }))

const refuse = (code: SluiceError['code'], text: string) => Promise.reject(new SluiceError(code, text))

describe('a model whose pinned engine is not here', () => {
  it('is tried on the same engine in another version, then on what suits it, then on the others', async () => {
    const pin: Pin = { backend: 'cpu', version: '0.0.1', batchShapes: [] }
    const tried: string[] = []
    const error = await rejecting(
      openOnAny({ ...model, pin }, ({ pin: { backend, batchShapes } }, strictness) => {
        tried.push(`${backend} ${strictness} ${batchShapes.join()}`.trim())
        return refuse('BACKEND_UNAVAILABLE', `no ${backend}`)
      }),
    )
    expect(tried).toEqual([
      'cpu as pinned',
      'cpu any version',
      'wasm any version',
      'tfjs-node any version 64',
    ])
    expect(error).toMatchObject({ code: 'BACKEND_UNAVAILABLE' })
    expect(error.message).toMatch(/no engine can run it: no cpu; no cpu; no wasm; no tfjs-node/)
  })

  it('goes past an engine that does not give the golden vectors', async () => {
    const opened = await openOnAny(model, ({ pin: { backend } }, strictness) => {
      if (strictness === 'as pinned') return refuse('BACKEND_UNAVAILABLE', 'away')
      return backend === 'wasm' ? refuse('MODEL_UNVERIFIED', 'off') : Promise.resolve(backend)
    })
    expect(opened).toBe('tfjs-node')
  })

  it('is refused at once where the model itself is wrong, on its pinned engine or another', async () => {
    let calls = 0
    const wrong = async (): Promise<never> => {
      calls++
      return refuse('MODEL_UNVERIFIED', 'golden vector 0 is off')
    }
    expect(await rejecting(openOnAny(model, wrong))).toMatchObject({ code: 'MODEL_UNVERIFIED' })
    expect(calls).toBe(1)
  })

  it('scores on the other engine as a model pinned to that one does, and it is told', async () => {
    const told: (readonly [string, Engine, Pin])[] = []
    const { openScorer } = createOpening({
      otherBackends: 'allow',
      onOtherBackend: (...each) => told.push(each),
    })
    const pin: Pin = { backend: 'wasm', version: '0.0.1', batchShapes: [] }
    const [pinned, other] = [await openScorer(model, index), await openScorer({ ...model, pin }, index)]
    expect(told).toEqual([['made-up/1', pinned.engine, pin]])
    expect(other.score(rows)).toEqual(pinned.score(rows))
    for (const scorer of [pinned, other]) scorer.dispose()
  })

  it('is refused by default', async () => {
    const { openScorer } = createOpening()
    const pin: Pin = { backend: 'wasm', version: '0.0.1', batchShapes: [] }
    expect(await rejecting(openScorer({ ...model, pin }, index))).toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
    })
  })
})
