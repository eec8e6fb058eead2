import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readArtifact } from '../../../../src/model/artifact.file.ts'
import { openBackend } from '../../../../src/model/backend.ts'
import { createScorer } from '../../../../src/model/scorer.ts'
import { averagePrecision } from '../../../../src/offline/metrics/rankMetrics.ts'
import { rank } from '../../../../src/offline/metrics/ranking.ts'
import { manifestText, writeArtifact } from '../../../../src/offline/training/artifactWriter.file.ts'
import type { Epoch } from '../../../../src/offline/training/fitNetwork.ts'
import { train, type TrainedArtifact } from '../../../../src/offline/training/train.ts'
import { featureNames, makeExamples, spec } from '../../../support/model/examples.ts'

const featureIndex = new Map(featureNames.map((name, at) => [name, at]))
const epochs: Epoch[] = []
let folder: string
let first: TrainedArtifact

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-train-'))
  await openBackend('wasm')
  first = await train(
    spec,
    makeExamples(6_000),
    { data: 'made up' },
    { onEpoch: (epoch) => epochs.push(epoch) },
  )
  await writeArtifact(folder, first)
})
afterAll(() => rm(folder, { recursive: true }))

describe('training', () => {
  it('writes an artifact that passes its own golden vectors and beats the amount alone on unseen payments', async () => {
    const artifact = await readArtifact(folder)
    const { version } = await openBackend('wasm')
    const pin = { backend: 'wasm', version, batchShapes: [] } as const
    const scorer = await createScorer({ ...artifact, pin }, featureIndex)
    const unseen = makeExamples(6_000, 2)
    const labels = unseen.map((example) => example.fraud)
    const precisionOf = (scores: ArrayLike<number>): number => averagePrecision(rank(scores, labels))
    const byModel = precisionOf(scorer.score(unseen.map((example) => example.row)))
    const byAmount = precisionOf(unseen.map((example) => example.row[0]!))
    expect(byModel).toBeGreaterThan(byAmount * 1.5)
    scorer.dispose()
  })

  it('is calibrated: the mean probability is near the share of frauds', async () => {
    const artifact = await readArtifact(folder)
    const { version } = await openBackend('wasm')
    const scorer = await createScorer(
      { ...artifact, pin: { backend: 'wasm', version, batchShapes: [] } },
      featureIndex,
    )
    const unseen = makeExamples(12_000, 3)
    const mean = (values: ArrayLike<number>): number =>
      Array.from(values).reduce((a, b) => a + b, 0) / values.length
    const predicted = mean(scorer.score(unseen.map((example) => example.row)))
    const happened = mean(unseen.map((example) => example.fraud))
    expect(predicted / happened).toBeGreaterThan(0.7)
    expect(predicted / happened).toBeLessThan(1.4)
    scorer.dispose()
  })

  it('gives the same bytes again, and leaves no tensors behind', async () => {
    const before = tf.memory().numTensors
    const second = await train(spec, makeExamples(6_000), { data: 'made up' }, { onEpoch: () => undefined })
    expect(manifestText(second.manifest)).toBe(manifestText(first.manifest))
    expect(second.files).toEqual(first.files)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('says how each epoch went, and keeps the best', () => {
    const precisions = epochs.map((epoch) => epoch.averagePrecision)
    expect(epochs.map((epoch) => epoch.epoch)).toEqual([1, 2, 3, 4, 5, 6])
    expect(first.manifest.metrics['validationAveragePrecision']).toBeCloseTo(Math.max(...precisions), 12)
    expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss)
  })

  it('writes a manifest that people can read', async () => {
    const text = await readFile(path.join(folder, 'manifest.json'), 'utf8')
    expect(text.split('\n').every((line) => line.length < 180)).toBe(true)
    expect(text).toMatch(/\n {4}\{"name":"payment.amount",.*"log1p":true.*\},\n/)
  })
})

describe('an ensemble that sees ramps and learns again from all', () => {
  const options = { ...spec, epochs: 2, ramps: 6, members: 2, take: 'last' as const, refit: true }

  it('is one LayersModel that gives its golden vectors on each engine', async () => {
    const trained = await train(options, makeExamples(3_000), {}, { onEpoch: () => undefined })
    const into = path.join(folder, 'ensemble')
    await writeArtifact(into, trained)
    const artifact = await readArtifact(into)
    for (const name of ['wasm', 'cpu'] as const) {
      const { version } = await openBackend(name)
      const scorer = await createScorer(
        { ...artifact, pin: { backend: name, version, batchShapes: [] } },
        featureIndex,
      )
      scorer.dispose()
    }
    await openBackend('wasm')
    const again = await train(options, makeExamples(3_000), {}, { onEpoch: () => undefined })
    expect(again.files).toEqual(trained.files)
    const fitted = await train(
      { ...options, refit: false },
      makeExamples(3_000),
      {},
      { onEpoch: () => undefined },
    )
    expect(again.files).not.toEqual(fitted.files)
    expect(again.manifest.metrics).toEqual(fitted.manifest.metrics)
  }, 120_000)
})
