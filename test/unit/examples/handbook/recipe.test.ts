import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { foldOf } from '../../../../examples/handbook/recipe/fold.ts'
import { networkMaker } from '../../../../examples/handbook/recipe/network.file.ts'
import { cook } from '../../../../examples/handbook/recipe/recipe.file.ts'
import { run as dataset } from '../../../../src/commands/dataset.ts'
import { run as simulate } from '../../../../src/commands/simulate.ts'
import { rejecting, throwing } from '../../../support/model/throwing.ts'

const dayMs = 86_400_000
let folder = ''
let day = ''
let printed: string[] = []
const at = (name: string): string => join(folder, name)
const nothing = (): void => undefined

const lines = async (name: string): Promise<readonly string[]> =>
  (await readFile(at(name), 'utf8')).trimEnd().split('\n')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-recipe-'))
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text))
    return true
  })
  const size = ['--accounts', '60', '--days', '24', '--fraud-scale', '20', '--seed', '3']
  await simulate([...size, '--start', '2025-06-01', '--out', folder, '--json'])
  day = '2025-06-03'
  const spec = parse(await readFile('examples/handbook/recipe/network.yaml', 'utf8')) as object
  await writeFile(at('spec.yaml'), stringify({ ...spec, hidden: [4], ramps: 4, epochs: 1 }))
}, 120_000)
afterAll(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

const files = () => ({ payments: at('payments.csv.gz'), feedback: at('feedback.csv.gz') })
const cooked = async (out: string, more = {}) =>
  cook({
    ...files(),
    ...more,
    day,
    maker: await networkMaker(at('spec.yaml')),
    out: at(out),
    onPayments: nothing,
    tell: nothing,
  })

describe('a fold', () => {
  test('is seven days to learn from, and from the fourteenth on seven to score', () => {
    const { training, knownBy, test: scored } = foldOf('2018-07-25')
    const dates = [training.from, training.to, knownBy, scored.from, scored.to]
    expect(dates.map((time) => new Date(time).toISOString().slice(0, 10))).toEqual([
      '2018-07-25',
      '2018-08-01',
      '2018-08-08',
      '2018-08-08',
      '2018-08-15',
    ])
  })

  test.each(['2018-02-30', '25.07.2018', '2018-07-25T00:00:00Z'])('is not %s', (text) => {
    expect(throwing(() => foldOf(text))).toMatchObject({ code: 'USAGE' })
  })
})

describe('the recipe', () => {
  test('gives the same scores again, one for each payment of the test days', async () => {
    const first = await cooked('a')
    const second = await cooked('b')
    expect(await lines('b/scores.csv')).toEqual(await lines('a/scores.csv'))
    expect(await lines('b/model/manifest.json')).toEqual(await lines('a/model/manifest.json'))
    expect(second.testRows).toBe(first.testRows)
    const scores = await lines('a/scores.csv')
    expect(scores[0]).toBe('paymentId,score')
    expect(scores).toHaveLength(first.testRows + 1)
    expect(scores.slice(1).every((line) => Number(line.split(',')[1]) > 0)).toBe(true)
  }, 240_000)

  test('does not know what became known after the test days began', async () => {
    const text = (await import('node:zlib')).gunzipSync(await readFile(at('feedback.csv.gz'))).toString()
    const [header = '', ...rows] = text.trimEnd().split('\n')
    const column = header.split(',').indexOf('knownAt')
    const knownBy = Date.parse(day) + 14 * dayMs
    const early = rows.filter((row) => {
      const known = row.split(',')[column] ?? ''
      return (/^\d+$/.test(known) ? Number(known) : Date.parse(known)) <= knownBy
    })
    expect(early.length).toBeLessThan(rows.length)
    await writeFile(at('early.csv'), `${[header, ...early].join('\n')}\n`)
    await cooked('c', { feedback: at('early.csv') })
    expect(await lines('c/dataset/labels.csv')).toEqual(await lines('a/dataset/labels.csv'))
    expect(await lines('c/dataset/features.csv')).toEqual(await lines('a/dataset/features.csv'))
  }, 240_000)

  test('says so where a week has no payments', async () => {
    day = '2030-01-01'
    expect(await rejecting(cooked('d'))).toMatchObject({ code: 'FILE_INVALID' })
    day = '2025-06-03'
  }, 120_000)
})

describe('sluice dataset', () => {
  test('writes what training takes, by what was known at that date', async () => {
    printed = []
    const args = ['--features', at('a/dataset/features.csv'), '--payments', files().payments, '--json']
    const written = async (asOf: string) => {
      printed = []
      expect(
        await dataset(['--feedback', files().feedback, '--as-of', asOf, '--out', at('set'), ...args]),
      ).toBe(0)
      return JSON.parse(printed.join('')) as { payments: number; frauds: number; unknown: number }
    }
    const later = await written('2025-06-17')
    expect(await lines('set/labels.csv')).toEqual(await lines('a/dataset/labels.csv'))
    expect(await lines('set/features.csv')).toEqual(await lines('a/dataset/features.csv'))
    const sooner = await written('2025-06-11')
    expect(sooner.unknown).toBeGreaterThan(0)
    expect(sooner.payments + sooner.unknown).toBe(later.payments)
    expect(sooner.frauds).toBeLessThanOrEqual(later.frauds)
  })
})
