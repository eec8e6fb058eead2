import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { SluiceError } from '../../errors.ts'

/** The fields of one record, and the line on which it ends. */
export type CsvLine = { readonly line: number; readonly fields: readonly string[] }

/** Quotes and carriage returns are what makes CSV more than lines of fields. */
const isPlain = (text: string): boolean => !text.includes('"') && !text.includes('\r')

async function* startingWith(
  text: string,
  rest: AsyncIterator<string>,
): AsyncGenerator<string, void, undefined> {
  yield text
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

type Parsed = { readonly record: readonly string[]; readonly info: { readonly lines: number } }

const linesAtOnce = 256

/** @param before how many lines were read already */
async function* parsedLines(
  file: string,
  texts: AsyncIterable<string>,
  before: number,
): AsyncGenerator<readonly CsvLine[], void, undefined> {
  const parser = parse({
    bom: before === 0,
    skip_empty_lines: true,
    relax_column_count: true,
    info: true,
    ...(before === 0 ? {} : { record_delimiter: '\n' }),
  })
  // The loop below is told as well: the parser is destroyed with the cause.
  pipeline(Readable.from(texts), parser, () => undefined)
  let some: CsvLine[] = []
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      some.push({ line: before + info.lines, fields: record })
      if (some.length < linesAtOnce) continue
      yield some
      some = []
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    // The parser's own message quotes the field, which may be anybody's secret.
    const lines = 'lines' in cause && typeof cause.lines === 'number' ? cause.lines : 1
    throw new SluiceError(
      'FILE_INVALID',
      `${file}, line ${before + lines}: expected CSV, found ${cause.code}`,
    )
  }
  yield some
}

/** Adds the records of whole lines to `found`, and answers with the number of lines so far. */
const splitLines = (text: string, before: number, found: CsvLine[]): number => {
  let line = before
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from)
    const to = end < 0 ? text.length : end
    line++
    if (to > from) found.push({ line, fields: text.slice(from, to).split(',') })
    from = to + 1
  }
  return line
}

const mark = '\ufeff'

/**
 * The records of a CSV text some at a time, those of nothing left out. Lines without quotes are split here, which is
 * several times as fast; from the first piece on that is not so plain the parser reads.
 * @throws SluiceError FILE_INVALID
 */
export async function* csvLines(
  file: string,
  texts: AsyncIterable<string>,
): AsyncGenerator<readonly CsvLine[], void, undefined> {
  const source = texts[Symbol.asyncIterator]()
  let begun = ''
  let lines = 0
  try {
    for (;;) {
      const next = await source.next()
      const text = next.done === true ? begun : begun + next.value
      if (!isPlain(text)) {
        yield* parsedLines(file, startingWith(text, source), lines)
        return
      }
      const end = next.done === true ? text.length : text.lastIndexOf('\n') + 1
      const from = lines === 0 && end > 0 && text.startsWith(mark) ? 1 : 0
      const some: CsvLine[] = []
      lines = splitLines(text.slice(from, end), lines, some)
      begun = text.slice(end)
      if (some.length > 0) yield some
      if (next.done === true) return
    }
  } finally {
    await source.return?.()
  }
}
