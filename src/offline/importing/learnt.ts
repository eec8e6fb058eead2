import { driftBaseline } from '../training/driftBaseline.ts'
import { rawRow } from '../../model/golden.ts'
import type { Manifest } from '../../model/manifest.ts'
import type { TrainedArtifact } from '../training/train.ts'
import {
  type CalibrationKind,
  fitCalibration,
  goldenUnder,
  halvesOf,
  probabilitiesOf,
  type Scored,
} from './calibrated.ts'
import { logitsOf } from './imported.ts'
import { measuredOn } from './measured.ts'

/** The labelled rows in the order of time, or all of them without labels. */
export type Background = {
  readonly rows: readonly Float64Array[]
  readonly labels: readonly (0 | 1)[] | null
}

/** What the manifest says beside the trees, from payments that they have not learnt from. */
const learntFrom = (
  { rows, labels }: Background,
  names: readonly string[],
  logits: Float64Array,
  kind: CalibrationKind | null,
): Partial<Pick<Manifest, 'calibration' | 'metrics' | 'thresholds' | 'baseline'>> => {
  const withBaseline = (calibration: Manifest['calibration']) => ({
    calibration,
    baseline: driftBaseline(rows, names, probabilitiesOf(calibration, logits)),
  })
  const measured = (calibration: Manifest['calibration'], { logits: some, labels: known }: Scored) =>
    measuredOn(probabilitiesOf(calibration, some), known)

  const none = { kind: 'none' } as const
  if (labels === null) return withBaseline(none)
  if (kind === null) return { ...withBaseline(none), ...measured(none, { logits, labels }) }
  const { earlier, later } = halvesOf({ logits, labels })
  const calibration = fitCalibration(kind, earlier)
  return { ...withBaseline(calibration), ...measured(calibration, later) }
}

/** How the model is calibrated, and the file that errors name. */
export type Learning = { readonly kind: CalibrationKind | null; readonly origin: string }

/**
 * Checks that the model gives the library's probabilities, then adds calibration, metrics, thresholds and the baseline of
 * drift.
 * @param background null: there is nothing to learn from
 * @throws SluiceError MODEL_UNVERIFIED (a golden vector is off) or FILE_INVALID
 */
export const withLearnt = async (
  artifact: TrainedArtifact,
  background: Background | null,
  { kind, origin }: Learning,
): Promise<TrainedArtifact> => {
  const { manifest } = artifact
  const golden = manifest.goldenVectors.map(({ row }) => rawRow(row))
  const rows = background?.rows ?? []
  const logits = await logitsOf(artifact, origin, [...golden, ...rows])
  if (background === null) return artifact
  const names = manifest.features.map(({ name }) => name)
  const learnt = learntFrom(background, names, logits.subarray(golden.length), kind)
  const { calibration = manifest.calibration } = learnt
  const goldenVectors =
    calibration.kind === 'none'
      ? manifest.goldenVectors
      : goldenUnder(calibration, manifest.goldenVectors, logits.subarray(0, golden.length))
  return { ...artifact, manifest: { ...manifest, ...learnt, goldenVectors } }
}
