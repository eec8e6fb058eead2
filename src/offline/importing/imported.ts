import { openBackend } from '../../model/backend.ts'
import { pinFor } from '../../model/measure.ts'
import { readNetwork } from '../../model/network.ts'
import { createScorer, type Scorer } from '../../model/scorer.ts'
import type { TrainedArtifact } from '../training/train.ts'

/** Golden vectors are checked while the scorer is made. */
export const openImported = async ({ manifest, files }: TrainedArtifact, origin: string): Promise<Scorer> => {
  const backend = await openBackend('trees')
  const bytes = new Map([...files].map(([name, each]) => [name, Buffer.from(each)]))
  const network = readNetwork(manifest, bytes, origin)
  const index = new Map(manifest.features.map(({ name }, at) => [name, at]))
  const model = { manifest, network, pin: pinFor(backend) }
  return createScorer(model, index, () => Promise.resolve(backend))
}

/** The log-odds that the trees give rows, as the library does. @throws SluiceError MODEL_UNVERIFIED */
export const logitsOf = async (
  artifact: TrainedArtifact,
  origin: string,
  rows: readonly Float64Array[],
): Promise<Float64Array> => {
  const scorer = await openImported(
    { ...artifact, manifest: { ...artifact.manifest, reasonGroups: [] } },
    origin,
  )
  try {
    return Float64Array.from(scorer.explain(rows), ({ logOdds }) => logOdds)
  } finally {
    scorer.dispose()
  }
}
