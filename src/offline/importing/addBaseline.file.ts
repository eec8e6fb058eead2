import path from 'node:path'
import { type Artifact, readArtifact } from '../../model/artifact.file.ts'
import type { Baseline } from '../../model/baseline.ts'
import { openBackend } from '../../model/backend.ts'
import { driftBaseline } from '../training/driftBaseline.ts'
import { replaceFile } from '../../model/history.file.ts'
import { type Manifest, parseManifest } from '../../model/manifest.ts'
import { engineFor, pinFor } from '../../model/measure.ts'
import { createScorer } from '../../model/scorer.ts'
import { manifestText } from '../training/artifactWriter.file.ts'
import { readFeatureTable } from '../training/featureTable.file.ts'

export type BaselineRequest = {
  /** The folder of the model. */
  readonly folder: string
  /** Features of the payments that it learnt from. */
  readonly featuresFile: string
  /** Features of payments that it did not learn from, whose scores count; null: those of `featuresFile`. */
  readonly heldOutFile: string | null
}

const rowsAtOnce = 64

const scoresOf = async (artifact: Artifact, rows: readonly Float64Array[]): Promise<Float64Array> => {
  const { format, features } = artifact.manifest
  const backend = await openBackend(engineFor(format))
  const index = new Map(features.map(({ name }, at) => [name, at]))
  const scorer = await createScorer({ ...artifact, pin: pinFor(backend) }, index, () =>
    Promise.resolve(backend),
  )
  try {
    const scores = new Float64Array(rows.length)
    for (let from = 0; from < scores.length; from += rowsAtOnce)
      scores.set(scorer.score(rows.slice(from, from + rowsAtOnce)), from)
    return scores
  } finally {
    scorer.dispose()
  }
}

/**
 * Writes into a model's manifest what drift is measured against, in the place of what stood there. A signature that it
 * had counts no longer.
 * @throws SluiceError FILE_INVALID, or what `readArtifact` and `createScorer` throw
 */
export const addBaseline = async (request: BaselineRequest): Promise<Baseline> => {
  const { folder, featuresFile, heldOutFile } = request
  const artifact = await readArtifact(folder)
  const names = artifact.manifest.features.map(({ name }) => name)
  const { rows } = await readFeatureTable(featuresFile, names)
  const scored = heldOutFile === null ? rows : (await readFeatureTable(heldOutFile, names)).rows
  const baseline = driftBaseline(rows, names, await scoresOf(artifact, scored))
  const file = path.join(folder, 'manifest.json')
  // What stands there stays as it was written.
  const written = JSON.parse(Buffer.from(artifact.manifestBytes).toString('utf8')) as Manifest
  const text = manifestText({ ...written, baseline })
  parseManifest(text, file)
  await replaceFile(file, text)
  return baseline
}
