import type { WrittenDataset } from '../../../src/offline/dataset/writeDataset.file.ts'

export type Making = {
  /** Where the artifact goes. */
  readonly folder: string
  /** For what is needed on the way. */
  readonly work: string
  readonly dataset: Pick<WrittenDataset, 'features' | 'labels'>
  /** The first day of the fold. */
  readonly day: string
  readonly tell: (line: string) => void
}

/** One way to a model. */
export type ModelMaker = {
  readonly features: readonly string[]
  /** From features.csv and labels.csv to an artifact. */
  readonly make: (making: Making) => Promise<void>
}
