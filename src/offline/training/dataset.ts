import { SluiceError } from '../../errors.ts'
import type { FeatureTable } from './featureTable.file.ts'
import type { Labels } from './labels.file.ts'
import type { TrainingSpec } from './spec.ts'

/** One payment to learn from. */
export type Example = {
  readonly row: Float64Array
  readonly fraud: 0 | 1
  readonly occurredAt: number
}

/**
 * Payments that have both features and a label, in the order of time.
 * @throws SluiceError FILE_INVALID if none has, or all labels are the same
 */
export const joinLabels = (table: FeatureTable, labels: Labels): readonly Example[] => {
  const examples = table.paymentIds.flatMap((paymentId, at): Example[] => {
    const label = labels.get(paymentId)
    if (label === undefined) return []
    return [{ row: table.rows[at]!, fraud: label.fraud ? 1 : 0, occurredAt: label.occurredAt }]
  })
  const frauds = examples.filter((example) => example.fraud === 1).length
  if (frauds === 0 || frauds === examples.length)
    throw new SluiceError(
      'FILE_INVALID',
      `expected labelled payments of both kinds, found ${frauds} frauds among ${examples.length}`,
    )
  return examples.toSorted((a, b) => a.occurredAt - b.occurredAt)
}

export type Split = { readonly training: readonly Example[]; readonly validation: readonly Example[] }

const dayMs = 86_400_000

export type SplitOptions = Pick<TrainingSpec, 'warmUpDays' | 'validationShare' | 'gapDays'>

/**
 * Earlier payments to learn from, later ones to choose by; never mixed, as fraud comes in waves.
 * @param examples in the order of time
 * @throws SluiceError FILE_INVALID if a part has no fraud or no good payment
 */
export const splitByTime = (
  examples: readonly Example[],
  { warmUpDays, validationShare, gapDays }: SplitOptions,
): Split => {
  const from = (examples[0]?.occurredAt ?? NaN) + warmUpDays * dayMs
  const to = examples.at(-1)?.occurredAt ?? NaN
  const validationFrom = to - (to - from) * validationShare
  const trainingTo = validationFrom - gapDays * dayMs
  const between = (low: number, high: number): readonly Example[] =>
    examples.filter(({ occurredAt }) => occurredAt >= low && occurredAt < high)
  const training = between(from, trainingTo)
  const validation = between(validationFrom, Infinity)
  for (const [name, part] of Object.entries({ training, validation })) {
    const frauds = part.filter((example) => example.fraud === 1).length
    if (frauds === 0 || frauds === part.length)
      throw new SluiceError(
        'FILE_INVALID',
        `${name} part: expected payments of both kinds, found ${frauds} frauds among ${part.length}`,
      )
  }
  return { training, validation }
}
