import { SluiceError } from '../../errors.ts'
import type { GoldenVector } from '../../model/manifest.ts'
import { readRows } from '../files/rows.file.ts'
import { valueOf } from '../training/featureTable.file.ts'

const atMost = 1000

/**
 * Rows and the probabilities that the library itself gave for them: a column for each feature, empty where not known,
 * and one called `probability`.
 * @throws SluiceError FILE_INVALID
 */
export const readGolden = async (
  file: string,
  names: readonly string[],
): Promise<readonly GoldenVector[]> => {
  const vectors: GoldenVector[] = []
  for await (const rows of readRows(file))
    for (const row of rows) {
      const probability = valueOf(row, 'probability')
      if (!(probability >= 0 && probability <= 1))
        throw new SluiceError(
          'FILE_INVALID',
          `${file}, line ${row.line}, column probability: expected a number from 0 to 1`,
        )
      const values = names.map((name) => valueOf(row, name))
      vectors.push({ row: values.map((value) => (Number.isNaN(value) ? null : value)), probability })
    }
  if (vectors.length > 0 && vectors.length <= atMost) return vectors
  throw new SluiceError('FILE_INVALID', `${file}: expected 1 to ${atMost} rows, found ${vectors.length}`)
}
