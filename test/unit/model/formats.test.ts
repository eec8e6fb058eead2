import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Artifact, readArtifact } from '../../../src/model/artifact.file.ts'
import { type Backend, openBackend } from '../../../src/model/backend.ts'
import { pinFor } from '../../../src/model/measure.ts'
import { type TensorEngine, tensorEngines } from '../../../src/model/pin.ts'
import { createScorer, type Scorer } from '../../../src/model/scorer.ts'
import { fixture } from '../../support/model/fixtures.ts'
import { rejecting } from '../../support/model/throwing.ts'

const available: TensorEngine[] = []
for (const name of tensorEngines) {
  try {
    await openBackend(name)
    available.push(name)
  } catch {
    process.stdout.write(`skipped: backend ${name} cannot run here\n`)
  }
}

const formats = [
  ['graph-model', tensorEngines],
  ['saved-model', ['tfjs-node']],
] as const
const runs = formats.flatMap(([name, engines]) =>
  engines.filter((engine) => available.includes(engine)).map((engine) => [name, engine] as const),
)

const load = (artifact: Artifact, backend: Backend): Promise<Scorer> =>
  createScorer(
    { ...artifact, pin: pinFor(backend) },
    new Map(artifact.manifest.features.map(({ name }, at) => [name, at])),
    () => Promise.resolve(backend),
  )

const temporary = async (): Promise<readonly string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('sluice-saved-model-'))

describe.each(runs)('%s on %s', (name, engine) => {
  let artifact: Artifact
  let backend: Backend
  let scorer: Scorer
  beforeAll(async () => {
    artifact = await readArtifact(fixture(name))
    backend = await openBackend(engine)
    scorer = await load(artifact, backend)
  }, 120_000)
  afterAll(() => scorer.dispose())

  it('gives what exact arithmetic gave where it was made', () => {
    const { goldenVectors } = artifact.manifest
    const rows = goldenVectors.map(({ row }) => Float64Array.from(row, (value) => value ?? NaN))
    const scores = scorer.score(rows)
    goldenVectors.forEach(({ probability }, at) =>
      expect(Math.abs(scores[at]! - probability)).toBeLessThan(1e-6),
    )
  })

  it('gives a row the same score alone, among others, and at any place', () => {
    const rows = Array.from({ length: 64 }, (_, at) => Float64Array.of(at * 991, at % 9, at % 24, at * 400))
    const together = Array.from(scorer.score(rows))
    expect(Array.from(scorer.score(rows.toReversed()).reverse())).toEqual(together)
    expect(rows.map((row) => scorer.score([row])[0])).toEqual(together)
  })

  it('explains a one-hot feature too', () => {
    const row = Float64Array.of(1500, 1, 12, 4000)
    // The group's baseline itself.
    expect(scorer.explain([row])[0]!.contributions[0]).toBe(0)
    expect(scorer.explain([Float64Array.of(1500, 1, 3, 4000)])[0]!.contributions[0]).not.toBe(0)
  })

  it('keeps no tensors and leaves no files, however often it is loaded', async () => {
    const [tensors, files] = [backend.tensorCount(), await temporary()]
    for (let time = 0; time < 20; time++) {
      const another = await load(artifact, backend)
      another.score([Float64Array.of(1, 2, 3, 4)])
      another.dispose()
    }
    expect(backend.tensorCount()).toBe(tensors)
    expect(await temporary()).toEqual(files)
  })
})

describe('a SavedModel', () => {
  it.each(['wasm', 'cpu'] as const)('does not run on %s', async (name) => {
    const artifact = await readArtifact(fixture('saved-model'))
    const error = await rejecting(load(artifact, await openBackend(name)))
    expect(error).toMatchObject({ code: 'BACKEND_UNAVAILABLE' })
    expect(error.message).toMatch(/only tfjs-node can/)
  })

  it.runIf(available.includes('tfjs-node')).each([
    ['gives-nan', 'MODEL_UNVERIFIED', /golden vector 0 gives no finite number/],
    ['two-outputs', 'MODEL_INVALID', /expected 64 outputs, found shape \[64, 2\]/],
    ['no-serving-default', 'MODEL_INVALID', /cannot load the tf-saved-model network/],
  ] as const)('that is wrong is refused: %s', async (name, code, expected) => {
    const backend = await openBackend('tfjs-node')
    const [tensors, files] = [backend.tensorCount(), await temporary()]
    const error = await rejecting(load(await readArtifact(fixture(name)), backend))
    expect(error).toMatchObject({ code })
    expect(error.message).toMatch(expected)
    expect(backend.tensorCount()).toBe(tensors)
    expect(await temporary()).toEqual(files)
  })
})
