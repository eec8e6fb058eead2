import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Artifact } from '../../../src/model/artifact.file.ts'
import { type Backend, openBackend } from '../../../src/model/backend.ts'
import { pinFor } from '../../../src/model/measure.ts'
import { createScorer, type Scorer } from '../../../src/model/scorer.ts'
import { startWorkerScorer, type WorkerScorer } from '../../../src/model/workerScorer.process.ts'
import { writeMadeUpModel } from '../../support/model/artifact.ts'
import { featureNames, makeExamples } from '../../support/model/examples.ts'
import { rejecting } from '../../support/model/throwing.ts'

let folder: string
let artifact: Artifact
let wasm: Backend
let here: Scorer
let there: WorkerScorer
const rows = makeExamples(64, 5).map(({ row }) => row)
const index = new Map(featureNames.map((name, at) => [name, at]))
/** What the cpu engine's pin is: its version is that of the package, which all engines share. */
const cpuPin = async () => ({ ...pinFor(wasm), backend: 'cpu' as const })

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-worker-'))
  artifact = (await writeMadeUpModel(path.join(folder, 'made-up', '1'))).artifact
  wasm = await openBackend('wasm')
  here = await createScorer({ ...artifact, pin: pinFor(wasm) }, index)
  there = await startWorkerScorer({ model: { ...artifact, pin: await cpuPin() }, features: featureNames })
})
afterAll(async () => {
  here.dispose()
  there.dispose()
  await rm(folder, { recursive: true })
})

it('scores on another engine beside the one of this thread, which stays', async () => {
  const before = here.score(rows)
  const { probabilities, micros } = await there.score(rows)
  expect(there.model).toBe('made-up/1')
  expect(there.reasonCodes).toEqual(here.reasonCodes)
  expect(probabilities).toHaveLength(64)
  probabilities.forEach((probability, at) => expect(probability).toBeCloseTo(before[at] ?? NaN, 5))
  expect(micros).toBeGreaterThan(0)
  expect(Array.from(here.score(rows))).toEqual(Array.from(before))
})

it('gives each of several questions its own answer', async () => {
  const answers = await Promise.all(rows.slice(0, 8).map((row) => there.score([row])))
  const together = await there.score(rows.slice(0, 8))
  answers.forEach(({ probabilities }, at) => expect(probabilities[0]).toBe(together.probabilities[at]))
})

it('refuses what a model in this thread would refuse, in the same words', async () => {
  const pin = { ...(await cpuPin()), version: '0.0.1' }
  const { code, message } = await rejecting(
    startWorkerScorer({ model: { ...artifact, pin }, features: featureNames }),
  )
  expect(code).toBe('BACKEND_UNAVAILABLE')
  expect(message).toContain('the model is pinned to cpu 0.0.1')
})

it('rejects once its thread has ended, and never keeps a caller waiting', async () => {
  const short = await startWorkerScorer({
    model: { ...artifact, pin: await cpuPin() },
    features: featureNames,
  })
  const asked = short.score(rows)
  short.dispose()
  await expect(asked).rejects.toThrow("the model's thread ended")
  await expect(short.score(rows)).rejects.toThrow("the model's thread ended")
})
