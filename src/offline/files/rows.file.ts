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
    const get = (column: string): unknown => (Object.hasOwn(fields, column) ? fields[column] : undefined)
    some.push({ file, line, header: null, get })
    if (some.length < rowsAtOnce) continue
    yield some
    some = []
  }
  yield some
}

type Header = { readonly names: readonly string[]; readonly positions: ReadonlyMap<string, number> }

const headerOf = (file: string, names: readonly string[]): Header => {
  const positions = new Map(names.map((column, index) => [column, index]))
  if (positions.size !== names.length)
    throw new SluiceError('FILE_INVALID', `${file}, line 1: two columns have the same name`)
  return { names, positions }
}

const rowOf = (file: string, { names, positions }: Header, { line, fields }: CsvLine): Row => {
  if (fields.length !== names.length)
    throw new SluiceError(
      'FILE_INVALID',
      `${file}, line ${line}: expected ${names.length} fields as in the first line, found ${fields.length}`,
    )
  return {
    file,
    line,
    header: names,
    get: (column) => {
      const index = positions.get(column)
      return index === undefined ? undefined : fields[index] || null
    },
  }
}

async function* readCsv(file: string): AsyncGenerator<readonly Row[], void, undefined> {
  let header: Header | null = null
  for await (const lines of csvLines(file, openBytes(file).setEncoding('utf8'))) {
    const [first] = lines
    if (first === undefined) continue
    const known: Header = header ?? headerOf(file, first.fields)
    yield (header === null ? lines.slice(1) : lines).map((line) => rowOf(file, known, line))
    header = known
  }
  if (header === null)
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
