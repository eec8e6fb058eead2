import { parseInstant } from '../../domain/instant.ts'
import type { Column } from './row.ts'

const decimal = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i
const asNumber = (value: unknown): unknown =>
  typeof value === 'string' && decimal.test(value)
    ? Number(value)
    : typeof value === 'number'
      ? value
      : undefined

const asJson = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/** Some tools write identifiers that are numbers as numbers. */
export const text: Column<string> = {
  expected: 'a text',
  take: (value) => (typeof value === 'number' ? String(value) : value),
  missing: undefined,
  toCsv: (value) => value,
}

export const symbol = <S extends string>(symbols: readonly S[]): Column<S> => ({
  expected: `one of ${symbols.join(' ')}`,
  take: (value) => value,
  missing: undefined,
  toCsv: (value) => value,
})

export const number: Column<number> = {
  expected: 'a number',
  take: asNumber,
  missing: undefined,
  toCsv: (value) => value,
}

export const time: Column<number> = {
  expected: 'epoch milliseconds, or an ISO 8601 time with its zone',
  take: (value) => (typeof value === 'string' ? parseInstant(value) : value),
  missing: undefined,
  toCsv: (value) => value,
}

const flags: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ['1', true],
  [1, true],
  [true, true],
  ['true', true],
  ['0', false],
  [0, false],
  [false, false],
  ['false', false],
])

export const flag: Column<boolean> = {
  expected: '0 or 1',
  take: (value) => flags.get(value),
  missing: undefined,
  toCsv: (value) => (value ? 1 : 0),
}

/** In CSV one field with semicolons between; in NDJSON a list. */
export const words: Column<readonly string[]> = {
  expected: 'words with semicolons between',
  take: (value) => (typeof value === 'string' ? value.split(';') : value),
  missing: undefined,
  toCsv: (value) => value.join(';'),
}

/** Nested records: JSON in a CSV field. */
export const json = <V>(): Column<V> => ({
  expected: 'JSON',
  take: asJson,
  missing: undefined,
  toCsv: (value) => JSON.stringify(value),
})

/** May be empty, and the whole column may be missing: both are null. */
export const orNull = <V>({ expected, take, toCsv }: Column<V>): Column<V | null> => ({
  expected,
  take,
  missing: null,
  toCsv: (value) => (value === null ? '' : toCsv(value)),
})

export const orElse = <V>(column: Column<V>, missing: V): Column<V> => ({ ...column, missing })
