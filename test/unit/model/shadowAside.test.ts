import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Backend, openBackend } from '../../../src/model/backend.ts'
import type { Model } from '../../../src/model/bundle.file.ts'
import { pinFor } from '../../../src/model/measure.ts'
import { createScorer, type Scorer } from '../../../src/model/scorer.ts'
import { createScorerAside } from '../../../src/model/scorerAside.thread.ts'
import { createShadowAside } from '../../../src/model/shadowAside.thread.ts'
import type { ShadowScorer } from '../../../src/model/shadowScorer.ts'
import { writeMadeUpModel } from '../../support/model/artifact.ts'
import { featureNames, makeExamples } from '../../support/model/examples.ts'
import { rejecting } from '../../support/model/throwing.ts'

let folder: string
let onCpu: Model
let here: Scorer
let there: ShadowScorer
/** More than one question takes. */
const rows = makeExamples(600, 5).map(({ row }) => row)
const index = new Map(featureNames.map((name, at) => [name, at]))

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-aside-'))
  const { artifact } = await writeMadeUpModel(path.join(folder, 'made-up', '1'))
  const wasm: Backend = await openBackend('wasm')
  here = await createScorer({ ...artifact, pin: pinFor(wasm) }, index)
  // The version of the cpu engine is that of the package, which all engines share.
  onCpu = { ...artifact, pin: { ...pinFor(wasm), backend: 'cpu' } }
  there = await createShadowAside(onCpu, index)
})
afterAll(async () => {
  here.dispose()
  there.dispose()
  await rm(folder, { recursive: true })
})

it('scores on another engine beside the one of this thread, which stays and goes on meanwhile', async () => {
  const before = here.score(rows)
  const asked = there.score(rows)
  expect(Array.from(here.score(rows))).toEqual(Array.from(before))
  const scores = await asked
  expect([there.model, there.reasonCodes]).toEqual(['made-up/1', here.reasonCodes])
  expect(scores).toHaveLength(600)
  scores.forEach((score, at) => expect(score).toBeCloseTo(before[at] ?? NaN, 5))
})

it('refuses what a model in this thread would refuse, in the same words', async () => {
  const pin = { ...onCpu.pin, version: '0.0.1' }
  const { code, message } = await rejecting(createShadowAside({ ...onCpu, pin }, index))
  expect(code).toBe('BACKEND_UNAVAILABLE')
  expect(message).toContain('the model is pinned to cpu 0.0.1')
})

it('rejects once its thread has ended, and keeps nobody waiting', async () => {
  const short = await createShadowAside(onCpu, index)
  const asked = short.score(rows)
  short.dispose()
  await expect(asked).rejects.toThrow('its thread was disposed of')
  await expect(short.score(rows)).rejects.toThrow('its thread was disposed of')
})

it('gives log-odds and contributions from a thread as from this one', async () => {
  const aside = await createScorerAside(onCpu, index)
  const [one, other] = [here.explain(rows.slice(0, 5)), aside.explain(rows.slice(0, 5))]
  aside.dispose()
  one.forEach((explanation, at) => {
    expect(other[at]?.logOdds).toBeCloseTo(explanation.logOdds, 4)
    explanation.contributions.forEach((each, group) =>
      expect(other[at]?.contributions[group]).toBeCloseTo(each, 4),
    )
  })
})
