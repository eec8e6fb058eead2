import { SluiceError } from '../../errors.ts'
import { createCsvWriter } from '../files/records.file.ts'
import { readFeatureTable } from './featureTable.file.ts'

/** One score a payment; NaN where the model could give none. */
export type Scores = ReadonlyMap<string, number>

/** @throws SluiceError FILE_INVALID */
export const readScores = async (file: string): Promise<Scores> => {
  const { paymentIds, rows } = await readFeatureTable(file, ['score'])
  const scores = new Map(paymentIds.map((paymentId, at) => [paymentId, rows[at]![0]!]))
  if (scores.size < rows.length)
    throw new SluiceError('FILE_INVALID', `${file}: expected one score for each paymentId`)
  return scores
}

/** An unknown score is written as an empty field. */
export const writeScores = async (
  file: string,
  scores: Iterable<readonly [string, number]>,
): Promise<void> => {
  const writer = createCsvWriter(file, ['paymentId', 'score'])
  for (const [paymentId, score] of scores) await writer.write([paymentId, Number.isNaN(score) ? '' : score])
  await writer.close()
}
