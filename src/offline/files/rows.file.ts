import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse'
import { SluiceError } from '../../errors.ts'
import type { Row } from './row.ts'
import { fileError, openBytes } from './text.file.ts'

export const isNdjson = (file: string): boolean => /\.(ndjson|jsonl)(\.gz)?$/i.test(file)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parseObject = (file: string, line: number, text: string): Readonly<Record<string, unknown>> => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    // The parser's own message quotes the text, which may be anybody's secret.
    throw new SluiceError('FILE_INVALID', `${file}, line ${line}: expected a JSON object, found no JSON`, {
      cause,
    })
  }
  if (!isObject(value)) throw new SluiceError('FILE_INVALID', `${file}, line ${line}: expected a JSON object`)
  return value
}

async function* readNdjson(file: string): AsyncGenerator<Row, void, undefined> {
  let line = 0
  for await (const text of createInterface({ input: openBytes(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    if (text.trim() === '') continue
    const fields = parseObject(file, line, text)
    yield { file, line, get: (column) => (Object.hasOwn(fields, column) ? fields[column] : undefined) }
  }
}

type Parsed = { readonly record: readonly string[]; readonly info: { readonly lines: number } }

const positionsOf = (file: string, header: readonly string[]): ReadonlyMap<string, number> => {
  const positions = new Map(header.map((column, index) => [column, index]))
  if (positions.size !== header.length)
    throw new SluiceError('FILE_INVALID', `${file}, line 1: two columns have the same name`)
  return positions
}

async function* readCsv(file: string): AsyncGenerator<Row, void, undefined> {
  const parser = parse({ bom: true, skip_empty_lines: true, info: true })
  const piped = pipeline(openBytes(file), parser)
  // The loop below is told as well: the parser is destroyed with the cause.
  piped.catch(() => undefined)
  let positions: ReadonlyMap<string, number> | null = null
  for await (const parsed of parser as AsyncIterable<Parsed>) {
    const { record, info } = parsed
    if (positions === null) {
      positions = positionsOf(file, record)
      continue
    }
    const columns = positions
    const get = (column: string): unknown => {
      const index = columns.get(column)
      if (index === undefined) return undefined
      const text = record[index]
      return text === '' || text === undefined ? null : text
    }
    yield { file, line: info.lines, get }
  }
  if (positions === null)
    throw new SluiceError('FILE_INVALID', `${file}: expected a first line with the names of the columns`)
}

/**
 * The rows of a file one by one, in its order: NDJSON by its name (`.ndjson`, `.jsonl`), otherwise CSV with a line of
 * column names; either may be packed (`.gz`). An empty field of a CSV file is null.
 * @throws SluiceError FILE_INVALID
 */
export async function* readRows(file: string): AsyncGenerator<Row, void, undefined> {
  try {
    yield* isNdjson(file) ? readNdjson(file) : readCsv(file)
  } catch (cause) {
    throw fileError(file, cause)
  }
}
