import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvLines, type CsvLine } from '../../../../src/offline/files/csvLines.ts'

async function* texts(pieces: readonly string[]): AsyncGenerator<string, void, undefined> {
  for (const piece of pieces) yield await Promise.resolve(piece)
}

const read = async (...pieces: readonly string[]): Promise<readonly CsvLine[]> => {
  const found: CsvLine[] = []
  for await (const some of csvLines('a.csv', texts(pieces))) found.push(...some)
  return found
}

describe('lines of CSV', () => {
  test('however the text comes in pieces; blank lines count and give nothing', async () => {
    const expected = [
      { line: 1, fields: ['a', 'b'] },
      { line: 3, fields: ['1', ''] },
      { line: 4, fields: ['', '2'] },
    ]
    expect(await read('a,b\n\n1,\n,2')).toEqual(expected)
    expect(await read('a', ',b', '\n', '\n1', ',\n,', '2', '\n')).toEqual(expected)
    expect(await read('\ufeffa', ',b\n\n1,\n,2\n')).toEqual(expected)
  })

  test('after the first quote the lines are counted on', async () => {
    expect(await read('a,b\n1,2\n3,', '"x\ny"\n', '5,6\n')).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['1', '2'] },
      { line: 4, fields: ['3', 'x\ny'] },
      { line: 5, fields: ['5', '6'] },
    ])
  })

  test('nothing has no lines', async () => {
    expect(await read()).toEqual([])
    expect(await read('')).toEqual([])
  })

  test('property: any text in any pieces reads as the parser reads it whole', async () => {
    const part = fc.constantFrom('a', 'bc', ',', ',', '\n', '\n', 'é', '""', '"x,y"', '\ufeff', ' ')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(part, { maxLength: 6 }), { maxLength: 6 }), async (pieces) => {
        const given = pieces.map((piece) => piece.join(''))
        const text = given.join('')
        // The first line says what ends lines: here it is plain.
        fc.pre(!text.startsWith('"') && !/^[^\n]*"/.test(text))
        const whole = (): unknown => {
          try {
            return parse(text, {
              bom: true,
              skip_empty_lines: true,
              relax_column_count: true,
              record_delimiter: '\n',
            })
          } catch {
            return 'refused'
          }
        }
        const lines = await read(...given).then(
          (found) => found.map(({ fields }) => fields),
          () => 'refused',
        )
        expect(lines).toEqual(whole())
      }),
      { numRuns: 300 },
    )
  })
})
