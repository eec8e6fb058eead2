import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Artifact } from '../../../src/model/artifact.file.ts'
import { type Backend, openBackend, openPinned } from '../../../src/model/backend.ts'
import { compileLogOdds, sigmoid } from '../../../src/model/calibrate.ts'
import { pinFor } from '../../../src/model/measure.ts'
import { type TensorEngine, tensorEngines } from '../../../src/model/pin.ts'
import { compilePreprocess } from '../../../src/model/preprocess.ts'
import { createScorer, type Scorer } from '../../../src/model/scorer.ts'
import { forward } from '../../../src/offline/training/forward.ts'
import type { NetworkWeights } from '../../../src/offline/training/networkWeights.ts'
import { writeMadeUpModel } from '../../support/model/artifact.ts'
import { featureNames, makeExamples } from '../../support/model/examples.ts'
import { rejecting, throwing } from '../../support/model/throwing.ts'

/** The bundle's rows hold more than this model uses, in another order. */
const bundleOrder = ['ip.count.1h', ...featureNames.toReversed(), 'card.count.1h']
const featureIndex = new Map(bundleOrder.map((name, at) => [name, at]))
const rows = makeExamples(300, 9).map(({ row }) => Float64Array.of(1, ...row.toReversed(), 2))

let folder: string
let artifact: Artifact
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-scorer-'))
  artifact = (await writeMadeUpModel(folder)).artifact
})
afterAll(() => rm(folder, { recursive: true }))

/** The layers as they are in the file, for the plain forward pass. */
const networkOf = ({ network }: Artifact): NetworkWeights => {
  if (network.format === 'trees' || network.format === 'tf-saved-model')
    throw new Error('expected a network of TF.js')
  const { weightSpecs, weightData } = network.artifacts
  if (weightSpecs === undefined || !(weightData instanceof ArrayBuffer)) throw new Error('expected weights')
  const values = new Float32Array(weightData)
  let at = 0
  const take = (size: number): Float32Array => values.subarray(at, (at += size))
  const kernels = weightSpecs.filter(({ shape }) => shape.length === 2)
  const layers = kernels.map(({ shape: [inputs = 0, units = 0] }, layer) => ({
    inputs,
    units,
    activation: layer === kernels.length - 1 ? ('linear' as const) : ('relu' as const),
    kernel: take(inputs * units),
    bias: take(units),
  }))
  return { ramps: null, members: [layers] }
}

const naiveLogOdds = (row: Float64Array): number => {
  const { features, calibration } = artifact.manifest
  const positions = features.map(({ name }) => bundleOrder.indexOf(name))
  const { columns, write } = compilePreprocess(features, positions)
  const input = new Float32Array(columns)
  write(row, input, 0)
  return compileLogOdds('logit', calibration)(forward(networkOf(artifact), input))
}

const available: TensorEngine[] = []
for (const name of tensorEngines) {
  try {
    await openBackend(name)
    available.push(name)
  } catch {
    process.stdout.write(`skipped: backend ${name} cannot run here\n`)
  }
}

describe.each(available)('a model on %s', (name) => {
  let backend: Backend
  let scorer: Scorer
  beforeAll(async () => {
    backend = await openBackend(name)
    scorer = await createScorer({ ...artifact, pin: pinFor(backend) }, featureIndex)
  })
  afterAll(() => scorer.dispose())

  it('gives what plain arithmetic gives', () => {
    const scores = scorer.score(rows)
    expect(scores).toHaveLength(rows.length)
    rows.forEach((row, at) => expect(scores[at]).toBeCloseTo(sigmoid(naiveLogOdds(row)), 6))
  })

  it('gives a row the same score alone, among others, and at any place', () => {
    const together = scorer.score(rows.slice(0, 64))
    const turned = scorer.score(rows.slice(0, 64).toReversed()).toReversed()
    const alone = rows.slice(0, 64).map((row) => scorer.score([row])[0])
    expect(Array.from(turned)).toEqual(Array.from(together))
    expect(alone).toEqual(Array.from(together))
  })

  it('explains by what each reason group adds to the log-odds', () => {
    const explanations = scorer.explain(rows.slice(0, 10))
    expect(scorer.reasonCodes).toEqual(['UNUSUAL_AMOUNT', 'NEW_DEVICE', 'UNUSUAL_FREQUENCY'])
    rows.slice(0, 10).forEach((row, at) => {
      expect(explanations[at]!.logOdds).toBeCloseTo(naiveLogOdds(row), 4)
      artifact.manifest.reasonGroups.forEach(({ baseline }, group) => {
        const calm = row.slice()
        for (const [feature, value] of Object.entries(baseline))
          calm[bundleOrder.indexOf(feature)] = value ?? NaN
        expect(explanations[at]!.contributions[group]).toBeCloseTo(naiveLogOdds(row) - naiveLogOdds(calm), 4)
      })
    })
  })

  it('scores nothing for nothing', () => {
    expect(scorer.score([])).toHaveLength(0)
    expect(scorer.explain([])).toEqual([])
  })

  it('keeps no tensors', () => {
    const before = scorer.tensorCount()
    for (let call = 0; call < 50; call++) {
      scorer.score(rows.slice(0, 1 + call))
      scorer.explain(rows.slice(0, 1 + call))
    }
    expect(scorer.tensorCount()).toBe(before)
  })

  it('gives its weights back when disposed', async () => {
    const before = backend.tensorCount()
    const another = await createScorer({ ...artifact, pin: pinFor(backend) }, featureIndex)
    expect(backend.tensorCount()).toBeGreaterThan(before)
    another.dispose()
    expect(backend.tensorCount()).toBe(before)
  })
})

describe('a model that must not score', () => {
  const load = async (changed: Partial<Artifact>, index = featureIndex): Promise<Scorer> =>
    createScorer({ ...artifact, ...changed, pin: pinFor(await openBackend('wasm')) }, index)

  it('asks for a feature that is not computed', async () => {
    const error = await rejecting(load({}, new Map([['payment.amount', 0]])))
    expect(error).toMatchObject({ code: 'MODEL_INVALID' })
    expect(error.message).toMatch(/account.count.1h is not among those computed/)
  })

  it('misses a golden vector', async () => {
    const [first, ...others] = artifact.manifest.goldenVectors
    const off = { ...first!, probability: first!.probability + 3e-5 }
    const { tensorCount } = await openBackend('wasm')
    const before = tensorCount()
    const error = await rejecting(
      load({ manifest: { ...artifact.manifest, goldenVectors: [off, ...others] } }),
    )
    expect(error).toMatchObject({ code: 'MODEL_UNVERIFIED' })
    expect(tensorCount()).toBe(before)
  })

  it('has inputs of another shape than its manifest', async () => {
    const features = artifact.manifest.features.map((feature) => ({ ...feature, missingIndicator: true }))
    const error = await rejecting(load({ manifest: { ...artifact.manifest, features } }))
    expect(error).toMatchObject({ code: 'MODEL_INVALID' })
  })

  it('is pinned to another version of the engine', async () => {
    const pin = { backend: 'wasm', version: '0.0.1', batchShapes: [] } as const
    const error = await rejecting(openPinned(pin))
    expect(error).toMatchObject({ code: 'BACKEND_UNAVAILABLE' })
    expect(error.message).toMatch(/pinned to wasm 0.0.1, here is \d/)
  })

  it('gives infinity or NaN: the score is not known', async () => {
    const scorer = await createScorer(
      {
        ...artifact,
        manifest: { ...artifact.manifest, goldenTolerance: 0.001 },
        pin: pinFor(await openBackend('wasm')),
      },
      featureIndex,
      async (pin) => {
        const backend = await openPinned(pin)
        return {
          ...backend,
          load: async (network) => {
            const { predict, dispose } = await backend.load(network)
            // A broken engine for one marked batch size only, so that the golden vectors still pass.
            return {
              dispose,
              predict: (input, count, columns) =>
                count === 3 ? Float32Array.of(NaN, Infinity, 0) : predict(input, count, columns),
            }
          },
        }
      },
    )
    const scores = scorer.score(rows.slice(0, 3))
    expect(scores[0]).toBeNaN()
    expect(scores[1]).toBeNaN()
    expect(scores[2]).toBeGreaterThan(0)
    scorer.dispose()
  })

  it('lost its thread to another engine', async () => {
    const scorer = await load({})
    await openBackend('cpu')
    expect(throwing(() => scorer.score(rows.slice(0, 1)))).toMatchObject({ code: 'BACKEND_UNAVAILABLE' })
    await openBackend('wasm')
    scorer.dispose()
  })
})
