import { SluiceError } from '../../errors.ts'
import { findColumns, readCsv, writeCsv } from './csv.file.ts'
import { readNumber } from './fields.ts'

/** One score a payment; NaN where the model could give none. */
export type Scores = ReadonlyMap<string, number>

/** @throws SluiceError FILE_INVALID */
export const readScores = async (file: string): Promise<Scores> => {
  const scores = new Map<string, number>()
  let idAt = 0
  let scoreAt = 0
  let line = 1
  await readCsv(file, {
    header: (columns) => {
      const at = findColumns(file, columns, ['paymentId', 'score'])
      idAt = at.paymentId
      scoreAt = at.score
    },
    line: (fields) => {
      line++
      const paymentId = fields[idAt]!
      if (scores.has(paymentId))
        throw new SluiceError('FILE_INVALID', `${file}, line ${line}: a second score for one paymentId`)
      scores.set(paymentId, readNumber(fields[scoreAt]!, { file, line, column: 'score' }))
    },
  })
  return scores
}

/** An unknown score is written as an empty field. */
export const writeScores = (file: string, scores: Iterable<readonly [string, number]>): Promise<void> =>
  writeCsv(
    file,
    ['paymentId', 'score'],
    (function* lines() {
      for (const [paymentId, score] of scores) yield [paymentId, Number.isNaN(score) ? '' : score]
    })(),
  )
