import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { run as evaluate } from '../../../src/commands/evaluate.ts'
import { run as model } from '../../../src/commands/model.ts'
import { run as score } from '../../../src/commands/score.ts'
import { run as train } from '../../../src/commands/train.ts'
import { writeMadeUpBundle } from '../../support/model/bundle.ts'
import { signForTest } from '../../support/model/signing.ts'
import { featureNames, makeExamples, spec } from '../../support/model/examples.ts'
import { rejecting } from '../../support/model/throwing.ts'
import { printed } from '../../support/printed.ts'

let folder: string
const at = (name: string): string => path.join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-commands-'))
  const examples = makeExamples(3_000)
  const csv = (lines: readonly (readonly unknown[])[]): string =>
    lines.map((line) => `${line.join(',')}\n`).join('')
  const rows = examples.map(({ row }, id) => [
    `p-${id}`,
    ...Array.from(row, (value) => (Number.isNaN(value) ? '' : value)),
  ])
  const labels = examples.map(({ fraud, occurredAt }, id) => [
    `p-${id}`,
    new Date(occurredAt).toISOString(),
    `a-${id % 50}`,
    fraud,
    '',
  ])
  await writeFile(at('features.csv'), csv([['paymentId', ...featureNames], ...rows]))
  await writeFile(
    at('labels.csv'),
    csv([['paymentId', 'occurredAt', 'accountId', 'fraud', 'knownAt'], ...labels]),
  )
  await writeFile(at('spec.yaml'), JSON.stringify({ ...spec, epochs: 2 }))
  await writeFile(at('policy.yaml'), 'version: 1\n')
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

const trainArgs = () => [
  '--spec',
  at('spec.yaml'),
  '--features',
  at('features.csv'),
  '--labels',
  at('labels.csv'),
]

describe('from features and labels to a measured model', () => {
  it('trains, promotes, verifies, scores and evaluates', async () => {
    const trained = await printed(train, [...trainArgs(), '--out', at('made-up/1')])
    expect(trained).toMatchObject({ thresholds: [{ goodStoppedShare: 0.003 }, { goodStoppedShare: 0.01 }] })

    const models = ['--models', folder]
    expect(await rejecting(model(['promote', 'made-up/1', ...models]))).toMatchObject({
      code: 'MODEL_UNSIGNED',
    })
    const key = path.join(await mkdtemp(path.join(tmpdir(), 'sluice-key-')), 'private.pem')
    await printed(model, ['keygen', 'team-a', '--out', key, ...models])
    expect(await printed(model, ['sign', 'made-up/1', '--key', key, ...models])).toMatchObject({
      keyId: 'team-a',
    })
    await rm(path.dirname(key), { recursive: true })
    expect(await printed(model, ['promote', 'made-up/1', ...models, '--backend', 'wasm'])).toMatchObject({
      active: { champion: { path: 'made-up/1', pin: { backend: 'wasm' } }, policy: { path: 'policy.yaml' } },
    })
    expect(await printed(model, ['verify', ...models])).toMatchObject({
      verified: 'made-up/1',
      backend: 'wasm',
      signedBy: 'team-a',
    })
    expect(await printed(model, ['list', ...models])).toMatchObject([{ path: 'made-up/1', active: true }])

    const scores = at('scores.csv')
    expect(
      await printed(score, ['--model', at('made-up/1'), '--features', at('features.csv'), '--out', scores]),
    ).toMatchObject({ scored: 3_000, of: 3_000 })
    const [header, first] = (await readFile(scores, 'utf8')).split('\n')
    expect(header).toBe('paymentId,score')
    expect(first).toMatch(/^p-0,0\.\d+$/)

    const all = await printed(evaluate, ['--scores', scores, '--labels', at('labels.csv')])
    expect(all).toMatchObject({ rows: 3_000 })
    const later = await printed(evaluate, [
      '--scores',
      scores,
      '--labels',
      at('labels.csv'),
      '--from',
      '2023-11-15',
    ])
    expect(later).toMatchObject({ rows: 3_000 - 107 })
  })
})

describe('refusals', () => {
  it.each([
    ['train without --out', () => train(trainArgs()), 'USAGE'],
    [
      'an engine that does not exist',
      () => train([...trainArgs(), '--out', at('x'), '--backend', 'webgl']),
      'USAGE',
    ],
    ['a model command that does not exist', () => model(['polish']), 'USAGE'],
    ['a time that is none', () => evaluate(['--scores', 'a', '--labels', 'b', '--from', 'soon']), 'USAGE'],
    [
      'a file that is not there',
      () => evaluate(['--scores', at('none.csv'), '--labels', at('labels.csv')]),
      'FILE_INVALID',
    ],
    [
      'a folder without a model',
      () => score(['--model', folder, '--features', 'f', '--out', 'o']),
      'MODEL_INVALID',
    ],
  ])('%s', async (_what, call, code) => {
    expect(await rejecting(call())).toMatchObject({ code })
  })

  it('a feature that nothing computes', async () => {
    await writeFile(
      at('wrong.yaml'),
      JSON.stringify({ ...spec, features: ['account.cuont.1h'], reasonGroups: {} }),
    )
    const error = await rejecting(
      train(['--spec', at('wrong.yaml'), ...trainArgs().slice(2), '--out', at('x')]),
    )
    expect(error).toMatchObject({ code: 'FEATURE_UNKNOWN' })
    expect(error.message).toMatch(/account.count.1h/)
  })

  it.each(['verify', 'promote'])('a model whose feature no longer exists, by %s', async (action) => {
    const models = await writeMadeUpBundle()
    const file = path.join(models, 'made-up', '1', 'manifest.json')
    const manifest = (await readFile(file, 'utf8')).replaceAll('account.count.1h', 'account.tally.1h')
    await writeFile(file, manifest)
    await signForTest(models, 'made-up/1')
    const error = await rejecting(model([action, 'made-up/1', '--models', models]))
    expect(error).toMatchObject({ code: 'FEATURE_UNKNOWN' })
    expect(error.message).toMatch(/account.tally.1h/)
    await rm(models, { recursive: true })
  })

  it('a payment without a score cannot be put in order', async () => {
    await writeFile(at('holes.csv'), 'paymentId,score\np-1,0.5\np-2,\n')
    const error = await rejecting(evaluate(['--scores', at('holes.csv'), '--labels', at('labels.csv')]))
    expect(error.message).toMatch(/1 of 2 payments have no score/)
  })
})
