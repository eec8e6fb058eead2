import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { convert, convertedFiles, type Converted } from '../../../../examples/handbook/convert.file.ts'
import { feedbackFormat, labelFormat, paymentFormat } from '../../../../src/offline/files/formats.ts'
import { readRecords } from '../../../../src/offline/files/records.file.ts'
import type { RowFormat } from '../../../../src/offline/files/row.ts'
import { aPayment } from '../../../support/payments.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-handbook-'))
})
afterAll(() => rm(folder, { recursive: true }))

const header = 'TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD,TX_FRAUD_SCENARIO'
const genuine = '0,2018-04-01T00:00:31Z,596,3156,57.16,0,0'
const fraud = '3527,2018-04-01T10:17:43Z,3774,3059,225.41,1,1'

let conversions = 0
const converting = async (text: string, name = 'transactions.csv'): Promise<Converted & { out: string }> => {
  const transactions = join(folder, name)
  const out = join(folder, String(conversions++))
  await writeFile(transactions, name.endsWith('.gz') ? gzipSync(text) : text)
  return { ...(await convert({ transactions, folder: out })), out }
}

const readAll = async <T>(file: string, format: RowFormat<T>): Promise<readonly T[]> => {
  const records: T[] = []
  for await (const record of readRecords(file, format)) records.push(record)
  return records
}

const dayMs = 86_400_000
const firstAt = Date.UTC(2018, 3, 1, 0, 0, 31)
const fraudAt = Date.UTC(2018, 3, 1, 10, 17, 43)

describe("the handbook's transactions", () => {
  test.each(['transactions.csv', 'transactions.csv.gz'])(
    '%s becomes files that Sluice reads',
    async (name) => {
      const { out, ...counts } = await converting(`${header}\n${genuine}\n${fraud}\n`, name)
      expect(counts).toEqual({ payments: 2, frauds: 1 })

      const nothing = { payeeId: null, deviceId: null, ipAddress: null, country: null }
      const card = { ...nothing, currency: 'EUR', channel: 'POS', method: 'CARD' } as const
      expect(await readAll(join(out, convertedFiles.payments), paymentFormat)).toEqual([
        aPayment({
          ...card,
          paymentId: '0',
          occurredAt: firstAt,
          amountMinor: 5716,
          accountId: '596',
          merchantId: '3156',
        }),
        aPayment({
          ...card,
          paymentId: '3527',
          occurredAt: fraudAt,
          amountMinor: 22_541,
          accountId: '3774',
          merchantId: '3059',
        }),
      ])
      expect(await readAll(join(out, convertedFiles.feedback), feedbackFormat)).toMatchObject([
        {
          feedbackId: 'fraud-3527',
          paymentId: '3527',
          occurredAt: fraudAt,
          knownAt: fraudAt + 7 * dayMs,
          kind: 'FRAUD_CONFIRMED',
          accountId: '3774',
          merchantId: '3059',
        },
      ])
      expect(await readAll(join(out, convertedFiles.labels), labelFormat)).toEqual([
        {
          paymentId: '0',
          occurredAt: firstAt,
          accountId: '596',
          fraud: false,
          knownAt: firstAt + 7 * dayMs,
          scenario: null,
        },
        {
          paymentId: '3527',
          occurredAt: fraudAt,
          accountId: '3774',
          fraud: true,
          knownAt: fraudAt + 7 * dayMs,
          scenario: null,
        },
      ])
    },
  )

  test('may have their columns in another order, and others between', async () => {
    const { out } = await converting(
      [
        ',TX_AMOUNT,TX_FRAUD,TRANSACTION_ID,CUSTOMER_ID,TERMINAL_ID,TX_TIME_SECONDS,TX_DATETIME',
        '9,1.1,0,7,a,b,31,2018-04-01 00:00:31',
      ].join('\n'),
    )
    expect(await readAll(join(out, convertedFiles.payments), paymentFormat)).toMatchObject([
      { paymentId: '7', accountId: 'a', merchantId: 'b', amountMinor: 110, occurredAt: firstAt },
    ])
  })

  test('of nothing are payments of nothing', async () => {
    const { out } = await converting(`${header}\n${genuine.replace('57.16', '0.00')}\n`)
    expect(await readAll(join(out, convertedFiles.payments), paymentFormat)).toMatchObject([
      { amountMinor: 0 },
    ])
  })
})

const refusal = (text: string): Promise<string> =>
  converting(text).then(
    () => 'accepted',
    (error: unknown) => {
      expect(error).toMatchObject({ code: 'FILE_INVALID' })
      return (error as Error).message.replace(folder, '')
    },
  )

describe('what cannot be converted is refused with line, column and what was expected', () => {
  test('a missing column', async () => {
    expect(await refusal(`${header.replace('TX_AMOUNT', 'AMOUNT')}\n${genuine}\n`)).toBe(
      '/transactions.csv, line 2, column TX_AMOUNT: expected an amount such as 57.16, with at most two decimals, found no such column',
    )
  })

  test.each([
    ['57.16', '57.161', 'column TX_AMOUNT: expected an amount such as 57.16, with at most two decimals'],
    [
      '57.16',
      '',
      'column TX_AMOUNT: expected an amount such as 57.16, with at most two decimals, found nothing',
    ],
    ['00:00:31Z', '25:00:31Z', 'column TX_DATETIME: expected a time in UTC such as 2018-04-01T00:00:31Z'],
    [',0,0', ',2,0', 'column TX_FRAUD: expected 0 or 1'],
    [
      '2018-04-01',
      '2018-03-31',
      'column TX_DATETIME: expected rows in time order, found an earlier time than before',
    ],
  ])('%s as %j', async (right, wrong, message) => {
    const text = `${header}\n${genuine}\n${genuine.replace(right, wrong)}\n`
    expect(await refusal(text)).toBe(`/transactions.csv, line 3, ${message}`)
  })

  test('a file that is not there', async () => {
    await expect(convert({ transactions: join(folder, 'none.csv'), folder })).rejects.toMatchObject({
      code: 'FILE_INVALID',
    })
  })
})

test('amounts and times of any transactions arrive as they were', async () => {
  const transaction = fc.record({
    second: fc.integer({ min: Date.UTC(2018) / 1000, max: Date.UTC(2030) / 1000 }),
    minor: fc.integer({ min: 0, max: 10_000_000 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(transaction, { minLength: 1 }), async (some) => {
      const given = some.toSorted((a, b) => a.second - b.second)
      const lines = given.map(
        ({ second, minor }, i) =>
          `${i},${new Date(second * 1000).toISOString().slice(0, 19)}Z,1,2,${(minor / 100).toFixed(2)},0,0`,
      )
      const { out } = await converting(`${header}\n${lines.join('\n')}\n`)
      const payments = await readAll(join(out, convertedFiles.payments), paymentFormat)
      expect(payments.map(({ occurredAt, amountMinor }) => ({ occurredAt, amountMinor }))).toEqual(
        given.map(({ second, minor }) => ({ occurredAt: second * 1000, amountMinor: minor })),
      )
    }),
    { numRuns: 20 },
  )
})
