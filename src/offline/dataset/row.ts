import { type KnownLabels, labelAt, type Maturity } from './knownLabels.ts'

/** A payment and its features as they were at its time. */
export type FeatureRecord = {
  readonly paymentId: string
  readonly accountId: string
  readonly occurredAt: number
  /** NaN where not known. */
  readonly values: ArrayLike<number>
  /** Whether it was let through so that models can learn; null where nobody knows how it was decided. */
  readonly controlGroup: boolean | null
}

/** One line of features.csv and one of labels.csv. */
export type DatasetRow = FeatureRecord & { readonly fraud: boolean; readonly knownAt: number }

/** Null where nothing was known of the payment by then. */
export const datasetRow = (
  record: FeatureRecord,
  known: KnownLabels,
  maturity: Maturity,
): DatasetRow | null => {
  const label = labelAt(known, maturity, record)
  if (label === null) return null
  const { paymentId, accountId, occurredAt, values, controlGroup } = record
  return {
    paymentId,
    accountId,
    occurredAt,
    values,
    controlGroup,
    fraud: label.fraud,
    knownAt: label.knownAt,
  }
}
