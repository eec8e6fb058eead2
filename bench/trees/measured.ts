import type { Artifact } from '../../src/model/artifact.file.ts'

/** A model to be measured, and as many rows as a full batch has. */
export type Measured = {
  /** What the figures call it. */
  readonly name: string
  readonly model: Pick<Artifact, 'manifest' | 'network'>
  readonly rows: readonly Float64Array[]
}
