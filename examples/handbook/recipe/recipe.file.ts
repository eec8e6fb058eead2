import { join } from 'node:path'
import { readKnownLabels } from '../../../src/offline/dataset/readKnownLabels.file.ts'
import { writeDataset } from '../../../src/offline/dataset/writeDataset.file.ts'
import { writeScores } from '../../../src/offline/training/scores.file.ts'
import { foldOf } from './fold.ts'
import { type FoldFiles, readFoldRows } from './foldRows.file.ts'
import type { ModelMaker } from './modelMaker.ts'
import { scoreRows } from './scoreRows.file.ts'

export type RecipeOptions = FoldFiles & {
  /** YYYY-MM-DD, the first day of training. */
  readonly day: string
  readonly maker: ModelMaker
  readonly out: string
  readonly onPayments: (count: number) => void
  readonly tell: (line: string) => void
}

export type Cooked = {
  readonly artifact: string
  readonly scores: string
  readonly trainingRows: number
  readonly trainingFrauds: number
  readonly testRows: number
}

/** Replays, learns from what was known when the test days begin, and scores those. @throws SluiceError */
export const cook = async (options: RecipeOptions): Promise<Cooked> => {
  const { day, maker, out, onPayments, tell } = options
  const fold = foldOf(day)
  const { training, test } = await readFoldRows(options, maker.features, fold, onPayments)
  const dataset = await writeDataset([training], {
    folder: join(out, 'dataset'),
    names: maker.features,
    known: await readKnownLabels(options.feedback, fold.knownBy),
    maturity: { asOf: fold.knownBy, labelDelayMs: fold.labelDelayMs },
  })
  const artifact = join(out, 'model')
  await maker.make({ folder: artifact, work: out, dataset, day, tell })
  const scores = join(out, 'scores.csv')
  await writeScores(scores, await scoreRows(artifact, maker.features, test))
  return {
    artifact,
    scores,
    trainingRows: dataset.payments,
    trainingFrauds: dataset.frauds,
    testRows: test.length,
  }
}
