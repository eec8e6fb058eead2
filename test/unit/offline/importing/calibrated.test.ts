import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { run as model } from '../../../../src/commands/model.ts'
import { readArtifact } from '../../../../src/model/artifact.file.ts'
import { sigmoid } from '../../../../src/model/calibrate.ts'
import { createRng } from '../../../../src/offline/simulator/rng.ts'
import { signForTest } from '../../../support/model/signing.ts'
import { rejecting } from '../../../support/model/throwing.ts'
import { featuresCsv, writeGolden } from '../../../support/trees/imported.ts'
import { readLibraryModel } from '../../../support/trees/library.ts'
import { naiveLogOdds } from '../../../support/trees/naiveForest.ts'

const library = fileURLToPath(new URL('../../../support/trees/library', import.meta.url))
const trees = readLibraryModel(library, 'xgboost')

let folder: string
const at = (...parts: readonly string[]): string => path.join(folder, ...parts)
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-calibrated-'))
})
afterAll(() => rm(folder, { recursive: true }))
let printed = ''
const watched = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
  printed += String(text)
  return true
})
afterEach(() => {
  printed = ''
})
afterAll(() => watched.mockRestore())

/** The library's rows over and over, those with infinities left out. */
const finite = trees.rows.filter((row) => !row.some((value) => Math.abs(value) === Infinity))
const rows = Array.from({ length: 4000 }, (_, i) => finite[i % finite.length]!)
/** A world in which the trees are three times too sure, and frauds are rarer than they think. */
const truth = (logit: number): number => sigmoid(logit / 3 - 1)

const writeWorld = async (fraudOf: (logit: number, drawn: number, at: number) => boolean): Promise<void> => {
  const rng = createRng(5)
  const lines = rows.map((row, i) => {
    const fraud = fraudOf(naiveLogOdds(trees.forest, row), rng.next(), i)
    return `p-${i},${1_700_000_000_000 + i},a-1,${fraud ? 1 : 0},`
  })
  await writeFile(at('rows.csv'), featuresCsv(trees, rows))
  await writeFile(at('labels.csv'), `paymentId,occurredAt,accountId,fraud,knownAt\n${lines.join('\n')}\n`)
}

const importAs = async (id: string, more: readonly string[]): Promise<number> => {
  const golden = await writeGolden(folder, trees, 50)
  const basic = ['--format', 'xgboost', '--model', trees.file, '--golden', golden]
  return model(['import', ...basic, '--features', trees.names.join(','), '--out', at(id, '1'), ...more])
}
const rowsAndLabels = (): readonly string[] => ['--rows', at('rows.csv'), '--labels', at('labels.csv')]

describe('sluice model import --calibrate', () => {
  beforeAll(() => writeWorld((logit, drawn) => drawn < truth(logit)))

  it.each(['platt', 'isotonic'] as const)(
    '%s gives the probabilities of the labels, and every engine verifies it',
    async (kind) => {
      await importAs(kind, [...rowsAndLabels(), '--calibrate', kind])
      const { manifest } = await readArtifact(at(kind, '1'))
      expect(manifest.calibration.kind).toBe(kind)
      const logits = trees.rows.slice(0, 50).map((row) => naiveLogOdds(trees.forest, row))
      const off = manifest.goldenVectors.map(({ probability }, i) =>
        Math.abs(probability - truth(logits[i] ?? NaN)),
      )
      expect(Math.max(...off)).toBeLessThan(0.12)
      expect(off.reduce((sum, each) => sum + each, 0) / off.length).toBeLessThan(0.04)
      await signForTest(folder, `${kind}/1`)
      for (const backend of ['trees', 'cpu'])
        expect(await model(['verify', `${kind}/1`, '--models', folder, '--backend', backend])).toBe(0)
    },
  )

  it('measures on the later half alone, better than without, and tells the thresholds', async () => {
    await importAs('raw', rowsAndLabels())
    await importAs('better', [...rowsAndLabels(), '--calibrate', 'platt'])
    const [raw, better] = await Promise.all(['raw', 'better'].map((id) => readArtifact(at(id, '1'))))
    expect(raw?.manifest.metrics['rows']).toBe(4000)
    expect(better?.manifest.metrics['rows']).toBe(2000)
    expect(better?.manifest.training['calibratedOn']).toBe('the earlier half of the labelled rows')
    expect(better?.manifest.metrics['brierScore']).toBeLessThan(
      (raw?.manifest.metrics['brierScore'] ?? NaN) - 0.02,
    )
    expect(printed).toMatch(/stopping 1 % of the good payments: from 0\.\d{4} on/)
  })

  it('has a baseline of drift, of the calibrated scores', async () => {
    await importAs('platt', [...rowsAndLabels(), '--calibrate', 'platt'])
    const { baseline, calibration } = (await readArtifact(at('platt', '1'))).manifest
    expect(calibration.kind).toBe('platt')
    expect(Object.keys(baseline?.features ?? {})).toEqual(trees.names)
    const scores = rows.map((row) => truth(naiveLogOdds(trees.forest, row)))
    expect(baseline?.score.edges.at(-1)).toBeLessThan(Math.max(...scores) + 0.1)
    expect(baseline?.score.edges[0]).toBeGreaterThan(Math.min(...scores) - 0.1)
    expect(baseline?.score.shares.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9)
  })

  it.each([
    ['without labels', ['--rows', 'r.csv', '--calibrate', 'platt'], 'USAGE', /--labels is missing/],
    ['of a kind that there is not', ['--calibrate', 'beta'], 'USAGE', /expected platt or isotonic/],
  ])('is refused %s', async (_, more, code, message) => {
    const error = await rejecting(importAs('no', more))
    expect(error).toMatchObject({ code })
    expect(error.message).toMatch(message)
  })

  it('is refused where a half has payments of one kind only, or frauds have the low scores', async () => {
    await writeWorld((_logit, _drawn, i) => i === 3999)
    const oneKind = await rejecting(importAs('no', [...rowsAndLabels(), '--calibrate', 'platt']))
    expect(oneKind.message).toMatch(/earlier half of those with a label, found 0 frauds among 2000/)

    await writeWorld((logit, drawn) => drawn > truth(logit))
    const upsideDown = await rejecting(importAs('no', [...rowsAndLabels(), '--calibrate', 'platt']))
    expect(upsideDown.message).toMatch(/expected labels that the model's output rises with/)
  })
})
