import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { compare } from '../../../../examples/handbook/compare.file.ts'
import { convert, convertedFiles } from '../../../../examples/handbook/convert.file.ts'
import { swapped, windowFeatures } from '../../../../examples/handbook/published.ts'
import { run as replay } from '../../../../src/commands/replay.ts'
import { createCsvWriter } from '../../../../src/offline/files/records.file.ts'
import { readRows } from '../../../../src/offline/files/rows.file.ts'

const data = join(process.env['SLUICE_DATA'] ?? resolve('..', 'shared', 'data'), 'handbook')
const transactions = join(data, 'transactions.csv.gz')
const published = join(data, 'published-features-6days.csv.gz')
const present = existsSync(transactions) && existsSync(published)
if (!present) process.stdout.write(`skipped: no handbook data in ${data} (SLUICE_DATA names another place)\n`)

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-handbook-compare-'))
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => rm(folder, { recursive: true }))

const names = windowFeatures.map(({ feature }) => feature)

const written = async (name: string, columns: readonly string[], rows: readonly (readonly string[])[]) => {
  const file = join(folder, name)
  await writeFile(file, `${[columns, ...rows].map((row) => row.join(',')).join('\n')}\n`)
  return file
}

/** Ours and theirs of one payment each: counts 1, means 57.163333333, no payments at the terminal. */
const ours = (id: string, mean = '5716.333333333333'): readonly string[] => [
  id,
  ...names.map((name) => (name.includes('mean') ? mean : name.includes('fraud_rate') ? '' : '1')),
]
const theirs = (id: string, at: string, mean = '57.16333333'): readonly string[] => [
  id,
  at,
  ...names.map((name) => (name.includes('mean') ? mean : name.includes('fraud_rate') ? '0' : '1')),
]

describe('features beside published ones', () => {
  const columns = ['TRANSACTION_ID', 'TX_DATETIME', ...windowFeatures.map(({ column }) => column)]
  const [swappedId = ''] = swapped

  test('may differ by the rounding of ten digits, and in the two rows that are known to', async () => {
    const features = await written(
      'f.csv',
      ['paymentId', ...names],
      [ours('1'), ours('2'), ours('3', '5716.3334'), ours(swappedId, '1')],
    )
    const expected = await written('p.csv', columns, [
      theirs('1', '2018-04-01T00:00:31Z'),
      theirs('3', '2018-04-01T00:00:32Z'),
      theirs('4', '2018-04-02T00:00:00Z'),
      theirs(swappedId, '2018-04-02T00:00:00Z'),
    ])
    expect(await compare({ features, published: expected })).toMatchObject({
      compared: 3,
      missing: 1,
      differing: ['3'],
      differingSwapped: 1,
    })
    const early = await compare({ features, published: expected, until: '2018-04-01T00:00:32Z' })
    expect(early).toMatchObject({ compared: 1, missing: 0, differing: [], differingSwapped: 0 })
  })
})

describe.skipIf(!present)('the ninth day of the handbook, when the first labels are known', () => {
  const until = '2018-04-10'

  const firstDays = async (): Promise<string> => {
    const columns = ['TRANSACTION_ID', 'TX_DATETIME', 'CUSTOMER_ID', 'TERMINAL_ID', 'TX_AMOUNT', 'TX_FRAUD']
    const file = join(folder, 'first-days.csv')
    const writer = createCsvWriter(file, columns)
    for await (const rows of readRows(transactions)) {
      for (const row of rows)
        if (String(row.get('TX_DATETIME')) < until)
          await writer.write(columns.map((column) => String(row.get(column))))
      if (String(rows.at(-1)?.get('TX_DATETIME')) >= until) break
    }
    await writer.close()
    return file
  }

  test('has the features that were published', { timeout: 60_000 }, async () => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    await convert({ transactions: await firstDays(), folder })
    const features = join(folder, 'features.csv')
    const payments = join(folder, convertedFiles.payments)
    const feedback = join(folder, convertedFiles.feedback)
    await replay([
      '--payments',
      payments,
      '--feedback',
      feedback,
      '--features',
      names.join(),
      '--out',
      features,
    ])
    const { compared, missing, differing } = await compare({ features, published, until })
    expect({ missing, differing }).toEqual({ missing: 0, differing: [] })
    expect(compared).toBeGreaterThan(15_000)
  })
})
