import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { run as model } from '../../../../src/commands/model.ts'
import { run as score } from '../../../../src/commands/score.ts'
import { readArtifact } from '../../../../src/model/artifact.file.ts'
import { openBackend } from '../../../../src/model/backend.ts'
import { pinFor } from '../../../../src/model/measure.ts'
import { createScorer } from '../../../../src/model/scorer.ts'
import { readScores } from '../../../../src/offline/training/scores.file.ts'
import { signForTest } from '../../../support/model/signing.ts'
import { rejecting } from '../../../support/model/throwing.ts'
import { featuresCsv, writeGolden } from '../../../support/trees/imported.ts'
import { libraryModels, readLibraryModel } from '../../../support/trees/library.ts'
import { naiveLogOdds } from '../../../support/trees/naiveForest.ts'

const library = fileURLToPath(new URL('../../../support/trees/library', import.meta.url))
const policy = fileURLToPath(new URL('../../../../models/policy.yaml', import.meta.url))

let models: string
const at = (...parts: readonly string[]): string => path.join(models, ...parts)
let printed = ''
beforeAll(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'sluice-import-'))
  await copyFile(policy, at('policy.yaml'))
})
afterAll(() => rm(models, { recursive: true }))
const watched = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
  printed += String(text)
  return true
})
afterEach(() => {
  printed = ''
})
afterAll(() => watched.mockRestore())

const importArgs = async (
  name: (typeof libraryModels)[number],
  more: readonly string[] = [],
): Promise<readonly string[]> => {
  const { file, names } = readLibraryModel(library, name)
  const golden = await writeGolden(models, readLibraryModel(library, name), 100)
  const format = name.startsWith('xgboost') ? 'xgboost' : 'lightgbm'
  const basic = ['--format', format, '--model', file, '--golden', golden, '--features', names.join(',')]
  return ['import', ...basic, '--out', at(name, '1'), ...more]
}

describe('sluice model import', () => {
  it.each(libraryModels)('makes an artifact that every engine verifies: %s', async (name) => {
    expect(await model(await importArgs(name, ['--json']))).toBe(0)
    expect(JSON.parse(printed)).toMatchObject({ model: `${name}/1`, goldenVectors: 100, trees: 8 })
    await signForTest(models, `${name}/1`)
    for (const backend of ['trees', 'wasm', 'cpu'])
      expect(await model(['verify', `${name}/1`, '--models', models, '--backend', backend])).toBe(0)
    expect(printed).toMatch(/100 golden vectors are right on cpu/)
  })

  it('makes what can be promoted, is pinned to the engine trees, and scores as the library does', async () => {
    await model(await importArgs('xgboost'))
    await signForTest(models, 'xgboost/1')
    expect(await model(['promote', 'xgboost/1', '--models', models, '--backend', 'trees'])).toBe(0)
    expect(JSON.parse(await readFile(at('active.json'), 'utf8'))).toMatchObject({
      champion: { path: 'xgboost/1', pin: { backend: 'trees', version: '1' } },
    })
    expect(await model(['verify', '--models', models])).toBe(0)

    const library100 = readLibraryModel(library, 'xgboost')
    await writeFile(at('features.csv'), featuresCsv(library100, library100.rows))
    await score(['--model', at('xgboost', '1'), '--features', at('features.csv'), '--out', at('scores.csv')])
    const scores = await readScores(at('scores.csv'))
    library100.probabilities.forEach((probability, row) =>
      expect(Math.abs(scores.get(`p-${row}`)! - probability)).toBeLessThan(1e-6),
    )
  })

  it('measures on labelled payments and takes baselines of reasons from the good ones', async () => {
    const { rows, names } = readLibraryModel(library, 'xgboost')
    const some = rows.slice(0, 20)
    const isFraud = (row: number): boolean => row % 4 === 0
    await writeFile(at('rows.csv'), featuresCsv(readLibraryModel(library, 'xgboost'), some))
    const labels = some.map((_, row) => `p-${row},${1_700_000_000_000 + row},a-1,${isFraud(row) ? 1 : 0},`)
    await writeFile(at('labels.csv'), `paymentId,occurredAt,accountId,fraud,knownAt\n${labels.join('\n')}\n`)
    await writeFile(at('reasons.yaml'), 'UNUSUAL_AMOUNT: [payment.amount]\nBURST: [account.count.1h]\n')
    const more = ['--rows', at('rows.csv'), '--labels', at('labels.csv'), '--reasons', at('reasons.yaml')]
    await model(await importArgs('xgboost', more))

    const { manifest } = await readArtifact(at('xgboost', '1'))
    expect(manifest.metrics).toMatchObject({ rows: 20, frauds: 5 })
    expect(manifest.thresholds.map(({ goodStoppedShare }) => goodStoppedShare)).toEqual([0.001, 0.003, 0.01])
    const goodAmounts = some
      .filter((_, row) => !isFraud(row))
      .map((row) => row[names.indexOf('payment.amount')]!)
      .filter((amount) => !Number.isNaN(amount))
      .toSorted((a, b) => a - b)
    const { baseline } = manifest.reasonGroups[0]!
    expect(baseline['payment.amount']).toBeGreaterThanOrEqual(goodAmounts[0]!)
    expect(baseline['payment.amount']).toBeLessThanOrEqual(goodAmounts.at(-1)!)
  })
})

describe('reasons of trees', () => {
  it.each(['trees', 'wasm'] as const)('are what each group adds to the log-odds, on %s', async (name) => {
    const { forest, rows, names } = readLibraryModel(library, 'xgboost')
    await model(await importArgs('xgboost'))
    const artifact = await readArtifact(at('xgboost', '1'))
    const baseline = { 'payment.amount': 2000, 'payee.mean.7d': null }
    const reasonGroups = [
      { code: 'UNUSUAL_AMOUNT', baseline },
      { code: 'BURST', baseline: { 'account.count.1h': 0 } },
    ]
    const backend = await openBackend(name)
    const scorer = await createScorer(
      { ...artifact, manifest: { ...artifact.manifest, reasonGroups }, pin: pinFor(backend) },
      new Map(names.map((feature, place) => [feature, place])),
      () => Promise.resolve(backend),
    )
    const contributions = scorer.explain(rows).map((explanation) => explanation.contributions)
    scorer.dispose()
    rows.forEach((row, which) =>
      reasonGroups.forEach((group, place) => {
        const calm = row.slice()
        for (const [feature, value] of Object.entries(group.baseline))
          calm[names.indexOf(feature)] = value ?? NaN
        const expected = naiveLogOdds(forest, row) - naiveLogOdds(forest, calm)
        expect(contributions[which]![place]).toBeCloseTo(expected, 4)
      }),
    )
    expect(contributions.some(([amount, burst]) => amount !== 0 && burst !== 0)).toBe(true)
  })
})

describe('an import that must not be', () => {
  it('gives other probabilities than the library: nothing is written', async () => {
    const args = await importArgs('lightgbm')
    const golden = at('golden.csv')
    const [header, first = '', ...others] = (await readFile(golden, 'utf8')).split('\n')
    const cells = first.split(',')
    cells.push(String(Number(cells.pop()) + 2e-5))
    await writeFile(golden, [header, cells.join(','), ...others].join('\n'))
    await rm(at('lightgbm'), { recursive: true, force: true })
    const error = await rejecting(model(args))
    expect(error).toMatchObject({ code: 'MODEL_UNVERIFIED' })
    expect(error.message).toMatch(/golden vector 0 gives/)
    expect(await readdir(models)).not.toContain('lightgbm')
  })

  it.each([
    [
      'a feature that there is not',
      ['--features', 'payment.amont,a,b,c,d'],
      'FEATURE_UNKNOWN',
      /payment.amount/,
    ],
    ['a library that is not known', ['--format', 'catboost'], 'USAGE', /expected xgboost or lightgbm/],
    ['rounds that are no number', ['--rounds', 'ten'], 'USAGE', /--rounds: expected a whole number/],
    ['reasons without rows', ['--reasons', 'r.yaml'], 'USAGE', /--rows is missing/],
    ['a model that is not there', ['--model', 'no.json'], 'FILE_INVALID', /no.json: cannot be read/],
    ['an id that cannot be one', ['--id', 'Not An Id'], 'MODEL_INVALID', /lower-case words/],
  ])('has %s', async (_, more, code, message) => {
    const error = await rejecting(model(await importArgs('xgboost', more)))
    expect(error).toMatchObject({ code })
    expect(error.message).toMatch(message)
  })

  it('has golden rows without a probability', async () => {
    const args = await importArgs('xgboost')
    await writeFile(
      at('golden.csv'),
      `${readLibraryModel(library, 'xgboost').names.join(',')},probability\n1,1,1,1,1,\n`,
    )
    expect((await rejecting(model(args))).message).toMatch(
      /line 2, column probability: expected a number from 0 to 1/,
    )
  })
})
