import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { LibraryModel } from './library.ts'

/** Rows as `sluice replay` writes them, with a paymentId each. */
export const featuresCsv = ({ names }: LibraryModel, rows: readonly Float64Array[]): string =>
  [
    ['paymentId', ...names].join(','),
    ...rows.map((row, at) =>
      [`p-${at}`, ...Array.from(row, (value) => (Number.isNaN(value) ? '' : value))].join(','),
    ),
    '',
  ].join('\n')

/** The finite rows of a model with the library's probabilities: what an example script writes. */
export const writeGolden = async (folder: string, model: LibraryModel, count: number): Promise<string> => {
  const { names, rows, probabilities } = model
  const lines = rows.flatMap((row, at) => {
    if (row.includes(Infinity) || row.includes(-Infinity)) return []
    const cells = Array.from(row, (value) => (Number.isNaN(value) ? '' : value))
    return [[...cells, probabilities[at]].join(',')]
  })
  const file = path.join(folder, 'golden.csv')
  await writeFile(file, `${[[...names, 'probability'].join(','), ...lines.slice(0, count)].join('\n')}\n`)
  return file
}
