import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { parse } from 'csv-parse'
import { stringify } from 'csv-stringify'
import { SluiceError } from '../../errors.ts'

/** What a file says in its first line, then each further line as fields in the same order. */
export type CsvHandler = {
  readonly header: (columns: readonly string[]) => void
  readonly line: (fields: readonly string[]) => void
}

const describe = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/**
 * Reads a CSV file, plain or `.gz`, from beginning to end.
 * @throws SluiceError FILE_INVALID; one thrown by the handler comes out as it is
 */
export const readCsv = async (file: string, handler: CsvHandler): Promise<void> => {
  const source = createReadStream(file)
  const parser = parse({ bom: true, skip_empty_lines: true })
  let first = true
  const take = async (records: AsyncIterable<readonly string[]>): Promise<void> => {
    for await (const record of records) {
      if (!first) handler.line(record)
      else handler.header(record)
      first = false
    }
  }
  try {
    if (file.endsWith('.gz')) await pipeline(source, createGunzip(), parser, take)
    else await pipeline(source, parser, take)
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause
    throw new SluiceError('FILE_INVALID', `${file}: ${describe(cause)}`, {
      cause,
    })
  }
  if (first) throw new SluiceError('FILE_INVALID', `${file}: expected a line with the names of the columns`)
}

/** Writes lines of fields as CSV, gzipped if the name ends in `.gz`. */
export const writeCsv = async (
  file: string,
  columns: readonly string[],
  lines: Iterable<readonly (string | number)[]>,
): Promise<void> => {
  const rows = Readable.from(lines)
  const text = stringify({ header: true, columns: [...columns] })
  const target = createWriteStream(file)
  if (file.endsWith('.gz')) await pipeline(rows, text, createGzip(), target)
  else await pipeline(rows, text, target)
}

/**
 * Where each wanted column stands.
 * @throws SluiceError FILE_INVALID naming the columns that are missing
 */
export const findColumns = <K extends string>(
  file: string,
  columns: readonly string[],
  wanted: readonly K[],
): Readonly<Record<K, number>> => {
  const missing = wanted.filter((name) => !columns.includes(name))
  if (missing.length > 0)
    throw new SluiceError('FILE_INVALID', `${file}: expected a column ${missing.join(', ')}`)
  return Object.fromEntries(wanted.map((name) => [name, columns.indexOf(name)])) as Record<K, number>
}
