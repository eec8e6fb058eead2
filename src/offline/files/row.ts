import { SluiceError } from '../../errors.ts'
import type { Check } from '../../stream/codec/check.ts'

/** One line of a file. `get` gives undefined for a column that the file does not have, null for an empty field. */
export type Row = {
  readonly file: string
  readonly line: number
  /** The columns of a CSV file, the same list for all its rows; null where each row has columns of its own. */
  readonly header: readonly string[] | null
  readonly get: (column: string) => unknown
}

/** How one field of type V stands in a file. */
export type Column<V> = {
  readonly expected: string
  /** From a CSV text or a JSON value; undefined for what cannot be understood. */
  readonly take: (value: unknown) => unknown
  /** What an empty field or a missing column stands for; undefined: it must be there. */
  readonly missing: V | undefined
  readonly toCsv: (value: V) => string | number
}

/** A column for each field: one that is forgotten does not compile. */
export type Columns<T> = { readonly [K in keyof T]-?: Column<T[K]> }

/** The record of one kind of file: its columns, and the same check that the record passes on its topic. */
export type RowFormat<T> = { readonly columns: Columns<T>; readonly check: Check<T> }

const refuse = ({ file, line }: Row, column: string | null, what: string): never => {
  throw new SluiceError(
    'FILE_INVALID',
    `${file}, line ${line}${column === null ? '' : `, column ${column}`}: ${what}`,
  )
}

type Field = readonly [name: string, column: Column<never>]

/** The record with everything that stands for a missing column, and the fields whose column is there. */
type Reading = {
  readonly header: Row['header'] | undefined
  readonly missing: Readonly<Record<string, unknown>>
  readonly given: readonly Field[]
}

const readingOf = (fields: readonly Field[], row: Row): Reading => {
  const { header } = row
  const isGiven = (name: string): boolean => header === null || header.includes(name)
  for (const [name, { missing, expected }] of fields)
    if (!isGiven(name) && missing === undefined)
      refuse(row, name, `expected ${expected}, found no such column`)
  return {
    header,
    missing: Object.fromEntries(fields.map(([name, column]) => [name, column.missing])),
    given: fields.filter(([name]) => isGiven(name)),
  }
}

/** Makes a row into a record; columns that the record has no field for are left alone. @throws SluiceError FILE_INVALID */
export const createRowReader = <T>({ columns, check }: RowFormat<T>): ((row: Row) => T) => {
  const fields: readonly Field[] = Object.entries(columns)
  let reading: Reading = { header: undefined, missing: {}, given: [] }
  return (row) => {
    if (reading.header !== row.header) reading = readingOf(fields, row)
    // Most columns of most files are missing: a copy is faster than setting each.
    const record: Record<string, unknown> = { ...reading.missing }
    for (const [name, { missing, take, expected }] of reading.given) {
      const given = row.get(name)
      if (given === undefined || given === null) {
        if (missing === undefined)
          refuse(row, name, `expected ${expected}, found ${given === null ? 'nothing' : 'no such column'}`)
        continue
      }
      const value = take(given)
      if (value === undefined) refuse(row, name, `expected ${expected}`)
      record[name] = value
    }
    const fault = check(record)
    if (fault !== null) refuse(row, fault.field, fault.detail)
    // Its check passed, and the compiler holds the check to T.
    return record as T
  }
}

const namesOf = <T>(columns: Columns<T>): readonly (keyof T)[] => {
  const names: (keyof T)[] = []
  for (const name in columns) names.push(name)
  return names
}

/** The fields of a record as CSV writes them, in the order of the columns; null is an empty field. */
export const createRowWriter = <T>(columns: Columns<T>): ((record: T) => readonly (string | number)[]) => {
  const names: readonly (keyof T)[] = namesOf(columns)
  return (record) => names.map((name) => (record[name] === null ? '' : columns[name].toCsv(record[name])))
}
