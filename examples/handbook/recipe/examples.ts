import { type KnownLabels, labelAt, type Maturity } from '../../../src/offline/dataset/knownLabels.ts'
import type { Example } from '../../../src/offline/training/dataset.ts'
import type { FoldRow } from './foldRows.file.ts'

/** The rows of which it was known what they were, in the order of time. */
export const examplesOf = (
  rows: readonly FoldRow[],
  known: KnownLabels,
  maturity: Maturity,
): readonly Example[] =>
  rows
    .flatMap((each): Example[] => {
      const label = labelAt(known, maturity, each)
      return label === null
        ? []
        : [{ row: each.row, fraud: label.fraud ? 1 : 0, occurredAt: each.occurredAt }]
    })
    .toSorted((a, b) => a.occurredAt - b.occurredAt)
