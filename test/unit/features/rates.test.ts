import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SluiceError } from '../../../src/errors.ts'
import { readRates } from '../../../src/features/rates.file.ts'
import { parseRates } from '../../../src/features/rates.ts'

const head = 'currency,validFrom,baseUnits\n'
const parse = (text: string) => parseRates(text, 'rates.csv', 'EUR')

const refusalOf = (text: string): string => {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'FILE_INVALID') return error.message
    throw error
  }
  return 'it was not refused'
}

describe('a table of exchange rates', () => {
  test('says currency, time and worth; times are numbers, dates or times', () => {
    const lines = 'USD,1704067200000,0.905\nUSD,2024-02-01,0.92\nJPY,2024-01-01T09:00:00+09:00,6.4e-3\n'
    expect(parse(head + lines)).toEqual([
      { currency: 'USD', validFrom: Date.UTC(2024, 0, 1), baseUnits: 0.905 },
      { currency: 'USD', validFrom: Date.UTC(2024, 1, 1), baseUnits: 0.92 },
      { currency: 'JPY', validFrom: Date.UTC(2024, 0, 1), baseUnits: 0.0064 },
    ])
  })

  test('may come from a spreadsheet: a byte order mark, quotes, other columns, blank lines, remarks', () => {
    const text = '\uFEFF"baseUnits","source","currency","validFrom"\r\n# of the day\r\n\r\n0.9,ECB,USD,0\r\n'
    expect(parse(text)).toEqual([{ currency: 'USD', validFrom: 0, baseUnits: 0.9 }])
  })

  test('may hold the base currency, at 1', () => {
    expect(parse(`${head}EUR,0,1.00\n`)).toHaveLength(1)
    expect(refusalOf(`${head}EUR,0,1.1\n`)).toBe(
      'rates.csv, line 2: baseUnits: expected 1 for the base currency EUR, got 1.1',
    )
  })

  test.each([
    ['EURO,0,1', 'currency: expected an ISO 4217 code, got "EURO"'],
    ['usd,0,1', 'currency: expected an ISO 4217 code, got "usd"'],
    [',0,1', 'currency: expected an ISO 4217 code, got ""'],
    [
      'USD,2024-01-01T00:00:00,1',
      'validFrom: expected epoch milliseconds, or an ISO 8601 date or time with its zone, got "2024-01-01T00:00:00"',
    ],
    ['USD,,1', 'validFrom: expected epoch milliseconds, or an ISO 8601 date or time with its zone, got ""'],
    ['USD,0,0', 'baseUnits: expected a number from 1e-9 to 1000000000, got "0"'],
    ['USD,0,-1', 'baseUnits: expected a number from 1e-9 to 1000000000, got "-1"'],
    ['USD,0,1e300', 'baseUnits: expected a number from 1e-9 to 1000000000, got "1e300"'],
    ['USD,0,NaN', 'baseUnits: expected a number from 1e-9 to 1000000000, got "NaN"'],
    ['USD,0', 'baseUnits: expected a number from 1e-9 to 1000000000, got ""'],
    ['CHF,1970-01-01,1', 'expected one rate for a currency and a time, but line 2 has the same ones'],
  ])('refuses %s, with the line and what was expected', (line, expected) => {
    expect(refusalOf(`${head}CHF,0,1.05\n# a remark\n${line}\n`)).toBe(`rates.csv, line 4: ${expected}`)
  })

  test('refuses other columns, and what is no CSV', () => {
    const expected = 'rates.csv, line 1: expected the columns currency, validFrom, baseUnits'
    expect(refusalOf('currency,date,rate\nUSD,0,1\n')).toBe(expected)
    expect(refusalOf('')).toBe(expected)
    expect(refusalOf(`${head}"USD,0,1\n`)).toBe('rates.csv: expected CSV')
  })
})

describe('a file of exchange rates', () => {
  test('is read; without a file there are none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-rates-'))
    try {
      const file = join(folder, 'rates.csv')
      writeFileSync(file, `${head}USD,0,0.9\n`)
      expect(await readRates(file, 'EUR')).toHaveLength(1)
      expect(await readRates('', 'EUR')).toEqual([])
      writeFileSync(file, head)
      await expect(readRates(file, 'EUR')).rejects.toThrow('expected at least one rate')
      await expect(readRates(join(folder, 'none.csv'), 'EUR')).rejects.toMatchObject({ code: 'FILE_INVALID' })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
