import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readKnownLabels } from '../../../src/offline/dataset/readKnownLabels.file.ts'
import { fileError } from '../../../src/offline/files/text.file.ts'
import { writeScores } from '../../../src/offline/training/scores.file.ts'
import { readSpec } from '../../../src/offline/training/spec.file.ts'
import { examplesOf } from './examples.ts'
import type { Fold } from './fold.ts'
import { type FoldFiles, readFoldRows } from './foldRows.file.ts'
import { writeNetwork } from './network.file.ts'
import { scoreRows } from './scoreRows.file.ts'

export type RecipeOptions = FoldFiles & {
  readonly fold: Fold
  readonly day: string
  readonly spec: string
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
  const { fold, day, out, onPayments, tell } = options
  const spec = await readSpec(options.spec)
  await mkdir(out, { recursive: true }).catch((cause: unknown) => {
    throw fileError(out, cause)
  })
  const { training, test } = await readFoldRows(options, spec.features, fold, onPayments)
  const known = await readKnownLabels(options.feedback, fold.knownBy)
  const examples = examplesOf(training, known, { asOf: fold.knownBy, labelDelayMs: fold.labelDelayMs })
  const artifact = join(out, 'model')
  await writeNetwork(artifact, spec, examples, { fold: day }, tell)
  const scores = join(out, 'scores.csv')
  await writeScores(scores, await scoreRows(artifact, spec.features, test))
  return {
    artifact,
    scores,
    trainingRows: examples.length,
    trainingFrauds: examples.filter(({ fraud }) => fraud === 1).length,
    testRows: test.length,
  }
}
