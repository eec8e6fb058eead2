import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { run as model } from '../../../../src/commands/model.ts'
import { listFeatures } from '../../../../src/features/catalogue.ts'
import { clockFeatures } from '../../../../src/features/clockFeatures.ts'
import { readArtifact } from '../../../../src/model/artifact.file.ts'
import { checkFor, signedOnly } from '../../../../src/model/trust.ts'
import { driftBaseline } from '../../../../src/offline/training/driftBaseline.ts'
import { writeMadeUpBundle } from '../../../support/model/bundle.ts'
import { featureNames, makeExamples } from '../../../support/model/examples.ts'
import { rejecting } from '../../../support/model/throwing.ts'

let original: string
let models: string
beforeAll(async () => {
  original = await writeMadeUpBundle()
  models = await mkdtemp(path.join(tmpdir(), 'sluice-baseline-'))
  await cp(original, models, { recursive: true })
})
afterAll(() => Promise.all([original, models].map((folder) => rm(folder, { recursive: true }))))
const watched = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
afterAll(() => watched.mockRestore())

const writeFeatures = async (name: string, rows: readonly ArrayLike<number>[]): Promise<string> => {
  const file = path.join(models, name)
  const lines = rows.map((row, at) =>
    [`p-${at}`, ...Array.from(row, (value) => (Number.isNaN(value) ? '' : value))].join(','),
  )
  await writeFile(file, `${[['paymentId', ...featureNames].join(','), ...lines].join('\n')}\n`)
  return file
}

describe('sluice model baseline', () => {
  it('adds what drift is measured against to a model of others, and nothing else', async () => {
    const rows = makeExamples(900).map(({ row }) => row)
    const features = await writeFeatures('features.csv', rows.slice(0, 600))
    const heldOut = await writeFeatures('held-out.csv', rows.slice(600))
    const file = path.join(models, 'made-up/1/manifest.json')
    const before = await readFile(file, 'utf8')

    await model(['baseline', 'made-up/1', '--models', models, '--features', features, '--held-out', heldOut])

    const after = await readFile(file, 'utf8')
    const { baseline, ...rest } = JSON.parse(after) as Record<string, unknown>
    const { baseline: replaced, ...restBefore } = JSON.parse(before) as Record<string, unknown>
    expect(baseline).not.toEqual(replaced)
    expect(JSON.stringify(rest)).toBe(JSON.stringify(restBefore))
    const expected = driftBaseline(rows.slice(0, 600), featureNames, [])
    expect((baseline as typeof expected).features).toEqual(expected.features)
    const shares = (baseline as typeof expected).score.shares.map((share) => share * 300)
    for (const share of shares) expect(share).toBeCloseTo(Math.round(share), 6)
    expect(shares.length).toBeGreaterThan(5)
  })

  it('leaves a signature that counts no longer', async () => {
    const check = checkFor(models, signedOnly)
    const error = await rejecting(readArtifact(path.join(models, 'made-up/1'), undefined, check))
    expect(error).toMatchObject({ code: 'MODEL_UNSIGNED' })
  })

  it('is refused without a model', async () => {
    const error = await rejecting(model(['baseline', '--models', models, '--features', 'f.csv']))
    expect(error).toMatchObject({ code: 'USAGE' })
  })
})

describe('a baseline', () => {
  it('leaves out what the clock alone gives: there are such features, and they are called so', () => {
    const known = new Set(listFeatures().map(({ name }) => name))
    expect([...clockFeatures].filter((name) => !known.has(name))).toEqual([])
    const rows = [
      [1, 9],
      [2, 10],
    ]
    expect(Object.keys(driftBaseline(rows, ['payment.amount', 'payment.hour'], []).features)).toEqual([
      'payment.amount',
    ])
  })
})
