import { sha256 } from '../../model/canonical.ts'
import type { GoldenVector, Manifest, ReasonGroup } from '../../model/manifest.ts'
import { compileForest } from '../../model/trees/compileForest.ts'
import { writeEnsemble } from '../../model/trees/ensembleFile.ts'
import type { Forest } from '../../model/trees/forest.ts'
import type { TrainedArtifact } from '../training/train.ts'

/** What the manifest of an imported model says beside its trees. */
export type Imported = {
  readonly id: string
  readonly version: string
  readonly description: string | null
  readonly names: readonly string[]
  readonly golden: readonly GoldenVector[]
  readonly reasonGroups: readonly ReasonGroup[]
  /** Where the model came from. */
  readonly source: Manifest['training']
}

/** The artifact of an ensemble, not yet measured. */
export const artifactOf = (forest: Forest, imported: Imported): TrainedArtifact => {
  const { id, version, description, names, golden, reasonGroups, source } = imported
  const files = writeEnsemble(compileForest(forest))
  const manifest: Manifest = {
    manifestVersion: 1,
    id,
    version,
    ...(description === null ? {} : { description }),
    format: 'trees',
    output: 'logit',
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, sha256(bytes)])),
    features: names.map((name) => ({ kind: 'ranks', name })),
    calibration: { kind: 'none' },
    reasonGroups,
    goldenTolerance: 1e-5,
    goldenVectors: golden,
    training: source,
    metrics: {},
    thresholds: [],
  }
  return { manifest, files }
}
