import { createInterface } from 'node:readline'
import { SluiceError } from '../../errors.ts'
import { csvLines, type CsvLine } from './csvLines.ts'
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

const rowsAtOnce = 256

async function* readNdjson(file: string): AsyncGenerator<readonly Row[], void, undefined> {
  let line = 0
  let some: Row[] = []
  for await (const text of createInterface({ input: openBytes(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    if (text.trim() === '') continue
    const fields = parseObject(file, line, text)
    some.push({ file, line, get: (column) => (Object.hasOwn(fields, column) ? fields[column] : undefined) })
    if (some.length < rowsAtOnce) continue
    yield some
    some = []
  }
  yield some
}

const positionsOf = (file: string, header: readonly string[]): ReadonlyMap<string, number> => {
  const positions = new Map(header.map((column, index) => [column, index]))
  if (positions.size !== header.length)
    throw new SluiceError('FILE_INVALID', `${file}, line 1: two columns have the same name`)
  return positions
}

const rowOf = (file: string, columns: ReadonlyMap<string, number>, { line, fields }: CsvLine): Row => {
  if (fields.length !== columns.size)
    throw new SluiceError(
      'FILE_INVALID',
      `${file}, line ${line}: expected ${columns.size} fields as in the first line, found ${fields.length}`,
    )
  return {
    file,
    line,
    get: (column) => {
      const index = columns.get(column)
      return index === undefined ? undefined : fields[index] || null
    },
  }
}

async function* readCsv(file: string): AsyncGenerator<readonly Row[], void, undefined> {
  let columns: ReadonlyMap<string, number> | null = null
  for await (const lines of csvLines(file, openBytes(file).setEncoding('utf8'))) {
    const [header] = lines
    if (header === undefined) continue
    const known: ReadonlyMap<string, number> = columns ?? positionsOf(file, header.fields)
    yield (columns === null ? lines.slice(1) : lines).map((line) => rowOf(file, known, line))
    columns = known
  }
  if (columns === null)
    throw new SluiceError('FILE_INVALID', `${file}: expected a first line with the names of the columns`)
}

/**
 * The rows of a file some at a time, in its order: NDJSON by its name (`.ndjson`, `.jsonl`), otherwise CSV with a line
 * of column names; either may be packed (`.gz`). An empty field of a CSV file is null.
 * @throws SluiceError FILE_INVALID
 */
export async function* readRows(file: string): AsyncGenerator<readonly Row[], void, undefined> {
  try {
    yield* isNdjson(file) ? readNdjson(file) : readCsv(file)
  } catch (cause) {
    throw fileError(file, cause)
  }
}
