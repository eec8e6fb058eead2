import { SluiceError } from '../../errors.ts'
import { number } from '../files/columns.ts'
import type { Row } from '../files/row.ts'
import { readRows } from '../files/rows.file.ts'

/** Features of many payments, as `sluice replay` writes them. */
export type FeatureTable = {
  readonly features: readonly string[]
  readonly paymentIds: readonly string[]
  /** One row a payment, in the file's order; a value is NaN where it is not known. */
  readonly rows: readonly Float64Array[]
}

const refuse = ({ file, line }: Row, column: string, expected: string): never => {
  throw new SluiceError('FILE_INVALID', `${file}, line ${line}, column ${column}: expected ${expected}`)
}

/** NaN for an empty field. @throws SluiceError FILE_INVALID */
export const valueOf = (row: Row, column: string): number => {
  const given = row.get(column)
  if (given === null) return NaN
  const value = given === undefined ? undefined : number.take(given)
  return typeof value === 'number' ? value : refuse(row, column, 'a number, or nothing where it is not known')
}

/**
 * Reads paymentId and the wanted columns, in the wanted order.
 * @throws SluiceError FILE_INVALID naming file, line and column
 */
export const readFeatureTable = async (file: string, features: readonly string[]): Promise<FeatureTable> => {
  const paymentIds: string[] = []
  const rows: Float64Array[] = []
  for await (const some of readRows(file)) {
    for (const row of some) {
      const paymentId = row.get('paymentId')
      paymentIds.push(typeof paymentId === 'string' ? paymentId : refuse(row, 'paymentId', 'a text'))
      rows.push(Float64Array.from(features, (name) => valueOf(row, name)))
    }
  }
  if (rows.length === 0) throw new SluiceError('FILE_INVALID', `${file}: expected at least one payment`)
  return { features, paymentIds, rows }
}
