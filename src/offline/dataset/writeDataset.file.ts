import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createCsvWriter } from '../files/records.file.ts'
import { fileError } from '../files/text.file.ts'
import type { KnownLabels, Maturity } from './knownLabels.ts'
import { datasetRow, type DatasetRow, type FeatureRecord } from './row.ts'

export type WrittenDataset = {
  readonly features: string
  readonly labels: string
  readonly payments: number
  readonly frauds: number
  /** Left out: nothing was known of them yet. */
  readonly unknown: number
}

export type DatasetTarget = {
  readonly folder: string
  readonly names: readonly string[]
  readonly known: KnownLabels
  readonly maturity: Maturity
}

const featureFields = ({ paymentId, values }: DatasetRow): readonly (string | number)[] => [
  paymentId,
  ...Array.from(values, (value) => (Number.isNaN(value) ? '' : value)),
]

const labelFields = ({ paymentId, occurredAt, accountId, fraud, knownAt, controlGroup }: DatasetRow) => [
  paymentId,
  occurredAt,
  accountId,
  fraud ? 1 : 0,
  knownAt,
  controlGroup === null ? '' : Number(controlGroup),
]

/** Writes features.csv and labels.csv, as `sluice train` takes them. @throws SluiceError FILE_INVALID */
export const writeDataset = async (
  records: Iterable<readonly FeatureRecord[]> | AsyncIterable<readonly FeatureRecord[]>,
  { folder, names, known, maturity }: DatasetTarget,
): Promise<WrittenDataset> => {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw fileError(folder, cause)
  })
  const files = { features: join(folder, 'features.csv'), labels: join(folder, 'labels.csv') }
  const features = createCsvWriter(files.features, ['paymentId', ...names])
  const labels = createCsvWriter(files.labels, [
    'paymentId',
    'occurredAt',
    'accountId',
    'fraud',
    'knownAt',
    'controlGroup',
  ])
  const counts = { payments: 0, frauds: 0, unknown: 0 }
  for await (const some of records) {
    const rows = some.flatMap((record) => datasetRow(record, known, maturity) ?? [])
    await features.writeAll(rows.map(featureFields))
    await labels.writeAll(rows.map(labelFields))
    counts.payments += rows.length
    counts.frauds += rows.filter(({ fraud }) => fraud).length
    counts.unknown += some.length - rows.length
  }
  await Promise.all([features.close(), labels.close()])
  return { ...files, ...counts }
}
