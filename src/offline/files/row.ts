import { SluiceError } from '../../errors.ts'
import type { Check } from '../../stream/codec/check.ts'

/** One line of a file. `get` gives undefined for a column that the file does not have, null for an empty field. */
export type Row = {
  readonly file: string
  readonly line: number
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

/** Makes a row into a record; columns that the record has no field for are left alone. @throws SluiceError FILE_INVALID */
export const createRowReader = <T>({ columns, check }: RowFormat<T>): ((row: Row) => T) => {
  const fields: readonly (readonly [string, Column<never>])[] = Object.entries(columns)
  return (row) => {
    const record: Record<string, unknown> = {}
    for (const [name, { missing, take, expected }] of fields) {
      const given = row.get(name)
      if (given === undefined || given === null) {
        if (missing === undefined)
          refuse(row, name, `expected ${expected}, found ${given === null ? 'nothing' : 'no such column'}`)
        record[name] = missing
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
