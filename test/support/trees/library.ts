import { readFileSync } from 'node:fs'
import path from 'node:path'
import { readLightgbm } from '../../../src/offline/importing/lightgbm.ts'
import { readXgboost } from '../../../src/offline/importing/xgboost.ts'
import type { Forest } from '../../../src/model/trees/forest.ts'

/** The models that libraryScores.py makes. */
export const libraryModels = [
  'xgboost',
  'xgboost-dart',
  'lightgbm',
  'lightgbm-zero',
  'lightgbm-none',
  'lightgbm-rf',
] as const

export type LibraryModel = {
  readonly file: string
  readonly text: string
  readonly forest: Forest
  readonly names: readonly string[]
  readonly rows: readonly Float64Array[]
  /** What the library gave for each row. */
  readonly probabilities: readonly number[]
}

type Written = {
  readonly names: readonly string[]
  readonly scored: readonly (readonly [row: readonly (number | string | null)[], probability: number])[]
}

const valueOf = (cell: number | string | null): number => {
  if (typeof cell === 'number') return cell
  return cell === null ? NaN : cell === 'inf' ? Infinity : -Infinity
}

/** A model and its rows from a folder that libraryScores.py wrote. */
export const readLibraryModel = (folder: string, name: (typeof libraryModels)[number]): LibraryModel => {
  const isXgboost = name.startsWith('xgboost')
  const file = path.join(folder, `${name}.${isXgboost ? 'json' : 'txt'}`)
  const text = readFileSync(file, 'utf8')
  const rowsFile = path.join(folder, `${name}.rows.json`)
  const { names, scored } = JSON.parse(readFileSync(rowsFile, 'utf8')) as Written
  return {
    file,
    text,
    forest: isXgboost ? readXgboost(text, file, null) : readLightgbm(text, file, null),
    names,
    rows: scored.map(([row]) => Float64Array.from(row, valueOf)),
    probabilities: scored.map(([, probability]) => probability),
  }
}
