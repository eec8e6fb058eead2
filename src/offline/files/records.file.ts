import { stringify } from 'csv-stringify/sync'
import { createRowReader, createRowWriter, type Row, type RowFormat } from './row.ts'
import { isNdjson, readRows } from './rows.file.ts'
import { createTextWriter } from './text.file.ts'

/** The records of a file in its order. @throws SluiceError FILE_INVALID naming file, line and column, never the value */
export async function* readRecords<T>(
  file: string,
  format: RowFormat<T>,
): AsyncGenerator<T, void, undefined> {
  for await (const some of readRecordRows(file, format)) for (const { record } of some) yield record
}

/** The same some at a time, each with its row, for columns that are not in the record. */
export async function* readRecordRows<T>(
  file: string,
  format: RowFormat<T>,
): AsyncGenerator<readonly { readonly record: T; readonly row: Row }[], void, undefined> {
  const read = createRowReader(format)
  for await (const rows of readRows(file)) yield rows.map((row) => ({ record: read(row), row }))
}

export type RecordWriter<T> = {
  /** Resolves when more may be written. */
  readonly write: (record: T) => Promise<void>
  /** The same for several, with less waiting. */
  readonly writeAll: (records: readonly T[]) => Promise<void>
  readonly close: () => Promise<void>
}

/** Many small pieces cost more than a few large ones. */
const recordsPerPiece = 512

const createPieceWriter = <T>(
  file: string,
  first: string,
  textOf: (records: readonly T[]) => string,
): RecordWriter<T> => {
  const target = createTextWriter(file)
  let waiting: T[] = []
  let head = first
  const flush = async (): Promise<void> => {
    const piece = head + textOf(waiting)
    head = ''
    waiting = []
    if (piece !== '') await target.write(piece)
  }
  const writeAll = async (records: readonly T[]): Promise<void> => {
    for (const record of records) waiting.push(record)
    if (waiting.length >= recordsPerPiece) await flush()
  }
  return {
    write: (record) => writeAll([record]),
    writeAll,
    close: async () => {
      await flush()
      await target.close()
    },
  }
}

/** What a field cannot hold without quotes. */
const needsQuotes = /[",\r\n]/

/** The same as csv-stringify writes, which is asked where a field needs quotes: it is slow for plain numbers. */
const csvLine = (fields: readonly (string | number)[]): string => {
  let line = ''
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] ?? ''
    if (typeof field === 'string' && field !== '' && needsQuotes.test(field)) return stringify([fields])
    line += i === 0 ? field : `,${field}`
  }
  return line === '' ? stringify([fields]) : `${line}\n`
}

/** Lines of fields as CSV below a line with the names of the columns. */
export const createCsvWriter = (
  file: string,
  columns: readonly string[],
): RecordWriter<readonly (string | number)[]> =>
  createPieceWriter(file, stringify([columns]), (lines) => lines.map(csvLine).join(''))

/** Writes records as `readRecords` reads them: NDJSON or CSV by the file's name. */
export const createRecordWriter = <T>(file: string, { columns }: RowFormat<T>): RecordWriter<T> => {
  if (isNdjson(file))
    return createPieceWriter(file, '', (records) =>
      records.map((record) => `${JSON.stringify(record)}\n`).join(''),
    )
  const csv = createCsvWriter(file, Object.keys(columns))
  const toFields = createRowWriter(columns)
  return {
    write: (record) => csv.write(toFields(record)),
    writeAll: (records) => csv.writeAll(records.map(toFields)),
    close: csv.close,
  }
}
