import { SluiceError } from '../../../src/errors.ts'
import { readArtifact } from '../../../src/model/artifact.file.ts'
import { openBackend } from '../../../src/model/backend.ts'
import { pinFor } from '../../../src/model/measure.ts'
import { createScorer } from '../../../src/model/scorer.ts'
import type { FeatureRecord } from '../../../src/offline/dataset/row.ts'

const rowsAtOnce = 64

/** By the artifact as it lies in the folder, executed as `sluice run` executes it. */
export const scoreRows = async (
  folder: string,
  features: readonly string[],
  rows: readonly FeatureRecord[],
): Promise<readonly (readonly [paymentId: string, score: number])[]> => {
  const artifact = await readArtifact(folder)
  const backend = await openBackend(artifact.manifest.format === 'trees' ? 'trees' : 'wasm')
  const featureIndex = new Map(features.map((name, at) => [name, at]))
  const scorer = await createScorer({ ...artifact, pin: pinFor(backend) }, featureIndex, () =>
    Promise.resolve(backend),
  )
  try {
    const scores = new Float64Array(rows.length)
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      const batch = rows.slice(from, from + rowsAtOnce)
      scores.set(scorer.score(batch.map(({ values }) => Float64Array.from(values))), from)
    }
    if (scores.some(Number.isNaN))
      throw new SluiceError('MODEL_INVALID', `${folder}: a payment could not be scored`)
    return rows.map(({ paymentId }, at) => [paymentId, scores[at]!] as const)
  } finally {
    scorer.dispose()
  }
}
