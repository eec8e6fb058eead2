import { SluiceError } from '../../errors.ts'
import { findColumns, readCsv } from './csv.file.ts'
import { readNumber } from './fields.ts'

/** Features of many payments, as `sluice replay` writes them. */
export type FeatureTable = {
  readonly features: readonly string[]
  readonly paymentIds: readonly string[]
  /** One row a payment, in the file's order; a value is NaN where it is not known. */
  readonly rows: readonly Float64Array[]
}

/**
 * Reads paymentId and the wanted columns, in the wanted order; without `wanted` all columns.
 * @throws SluiceError FILE_INVALID
 */
export const readFeatureTable = async (file: string, wanted?: readonly string[]): Promise<FeatureTable> => {
  const paymentIds: string[] = []
  const rows: Float64Array[] = []
  let features: readonly string[] = []
  let positions: readonly number[] = []
  let idAt = 0
  await readCsv(file, {
    header: (columns) => {
      idAt = findColumns(file, columns, ['paymentId']).paymentId
      features = wanted ?? columns.filter((name) => name !== 'paymentId')
      findColumns(file, columns, features)
      positions = features.map((name) => columns.indexOf(name))
    },
    line: (fields) => {
      const line = rows.length + 2
      paymentIds.push(fields[idAt]!)
      rows.push(
        Float64Array.from(positions, (position, at) =>
          readNumber(fields[position]!, { file, line, column: features[at]! }),
        ),
      )
    },
  })
  if (rows.length === 0) throw new SluiceError('FILE_INVALID', `${file}: expected at least one payment`)
  return { features, paymentIds, rows }
}
