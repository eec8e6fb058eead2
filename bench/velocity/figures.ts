import { spreadOf, type Spread } from '../statistics.ts'
import type { Figure } from '../figures.ts'
import { beside, rateOf, type Line } from './line.ts'

/** Ratios of two that ran in turn differ less from run to run than times do. */
const rateFailRatio = 1.5
const bytesFailRatio = 1.1

const batchOfGoals = 64
const timesFaster = 4
const recordsOfLessMemory = 100
/** Logs beyond this are folded: what they cost must not depend on what they hold. */
const foldedRecords = 10_000
const flatGoal = 0.75

const one = (value: number): Spread => spreadOf([value])

const besideSortedSets = (lines: readonly Line[], ours: Line): readonly Figure[] => {
  const sortedSets = beside(lines, ours, 'sortedSets')
  const { records, batchSize } = ours
  const at = `${records.toLocaleString('en')} records, batches of ${batchSize}`
  return [
    {
      name: `${at}: payments/s, times sorted sets`,
      unit: 'x',
      ...one(rateOf(ours) / rateOf(sortedSets)),
      better: 'higher',
      goal: batchSize === batchOfGoals ? timesFaster : null,
      failRatio: rateFailRatio,
    },
    {
      name: `${at}: bytes, times sorted sets`,
      unit: 'x',
      ...one(ours.bytesPerEntity / (sortedSets?.bytesPerEntity ?? NaN)),
      better: 'lower',
      goal: records > recordsOfLessMemory ? 1 : null,
      failRatio: bytesFailRatio,
    },
  ]
}

/** The slowest of the sizes that are folded over the fastest, at one size of batches. */
const flatness = (ours: readonly Line[], batchSize: number): readonly Figure[] => {
  const rates = ours
    .filter((line) => line.batchSize === batchSize && line.records >= foldedRecords)
    .map(rateOf)
  if (rates.length < 2) return []
  return [
    {
      name: `batches of ${batchSize}: slowest over fastest above ${foldedRecords.toLocaleString('en')} records`,
      unit: 'x',
      ...one(Math.min(...rates) / Math.max(...rates)),
      better: 'higher',
      goal: flatGoal,
      failRatio: rateFailRatio,
    },
  ]
}

/** What Sluice promises beside sorted sets, and that its cost is flat. */
export const velocityFigures = (lines: readonly Line[]): readonly Figure[] => {
  const ours = lines.filter(({ contestant }) => contestant === 'ours')
  const batchSizes = [...new Set(ours.map(({ batchSize }) => batchSize))]
  return [
    ...ours.flatMap((line) => besideSortedSets(lines, line)),
    ...batchSizes.flatMap((batchSize) => flatness(ours, batchSize)),
  ].filter(({ median }) => !Number.isNaN(median))
}
