import { parse } from 'csv-parse/sync'
import { currencies } from '../domain/currency.ts'
import { parseInstant } from '../domain/instant.ts'
import { SluiceError } from '../errors.ts'
import type { RateEntry } from './baseCurrency.ts'

const columns = ['currency', 'validFrom', 'baseUnits'] as const
type Column = (typeof columns)[number]

/** Beyond these a rate is a slip of the pen, and an amount might become infinite. */
const [leastUnits, mostUnits] = [1e-9, 1e9]
const decimal = /^\d+(\.\d+)?(e[+-]?\d+)?$/i

type Line = { readonly fields: readonly string[]; readonly line: number }
type Refuse = (line: number, what: string) => never

const refuseIn =
  (file: string): Refuse =>
  (line, what) => {
    throw new SluiceError('FILE_INVALID', `${file}, line ${line}: ${what}`)
  }

const linesOf = (text: string, file: string): readonly Line[] => {
  try {
    const parsed = parse(text, {
      bom: true,
      comment: '#',
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as readonly {
      readonly record: readonly string[]
      readonly info: { readonly lines: number }
    }[]
    return parsed.map(({ record, info }) => ({ fields: record, line: info.lines }))
  } catch (cause) {
    throw new SluiceError('FILE_INVALID', `${file}: expected CSV`, { cause })
  }
}

const placesOf = (header: Line | undefined, refuse: Refuse): Readonly<Record<Column, number>> => {
  const place = (column: Column): number => {
    const at = header?.fields.indexOf(column) ?? -1
    return at < 0 ? refuse(header?.line ?? 1, `expected the columns ${columns.join(', ')}`) : at
  }
  return { currency: place('currency'), validFrom: place('validFrom'), baseUnits: place('baseUnits') }
}

const currencyOf = (text: string, refuse: (what: string) => never): string =>
  currencies.has(text) ? text : refuse(`currency: expected an ISO 4217 code, got ${JSON.stringify(text)}`)

const timeOf = (text: string, refuse: (what: string) => never): number =>
  parseInstant(text) ??
  refuse(
    `validFrom: expected epoch milliseconds, or an ISO 8601 date or time with its zone, got ${JSON.stringify(text)}`,
  )

const unitsOf = (text: string, refuse: (what: string) => never): number => {
  const units = decimal.test(text) ? Number(text) : NaN
  return units >= leastUnits && units <= mostUnits
    ? units
    : refuse(`baseUnits: expected a number from ${leastUnits} to ${mostUnits}, got ${JSON.stringify(text)}`)
}

/**
 * The table of exchange rates in a CSV text: `currency`, `validFrom` (epoch ms, or an ISO 8601 date or time) and
 * `baseUnits`, what one unit of the currency is worth in units of the base currency from then on. Lines that begin
 * with # are remarks; other columns are left alone.
 * @param base the base currency, whose own rate can only be 1
 * @throws SluiceError FILE_INVALID with the line and what was expected
 */
export const parseRates = (text: string, file: string, base: string): readonly RateEntry[] => {
  const refuseAt = refuseIn(file)
  const [header, ...lines] = linesOf(text, file)
  const places = placesOf(header, refuseAt)
  const firstLine = new Map<string, number>()
  return lines.map(({ fields, line }) => {
    const refuse = (what: string): never => refuseAt(line, what)
    const field = (column: Column): string => fields[places[column]] ?? ''
    const entry = {
      currency: currencyOf(field('currency'), refuse),
      validFrom: timeOf(field('validFrom'), refuse),
      baseUnits: unitsOf(field('baseUnits'), refuse),
    }
    if (entry.currency === base && entry.baseUnits !== 1)
      refuse(`baseUnits: expected 1 for the base currency ${base}, got ${entry.baseUnits}`)
    const key = `${entry.currency} ${entry.validFrom}`
    const earlier = firstLine.get(key)
    if (earlier !== undefined)
      refuse(`expected one rate for a currency and a time, but line ${earlier} has the same ones`)
    firstLine.set(key, line)
    return entry
  })
}
