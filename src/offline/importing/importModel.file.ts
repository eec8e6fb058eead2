import path from 'node:path'
import { SluiceError } from '../../errors.ts'
import { parseFeatureName } from '../../features/names.ts'
import { sha256 } from '../../model/canonical.ts'
import { parseManifest } from '../../model/manifest.ts'
import type { Forest } from '../../model/trees/forest.ts'
import { manifestText, writeArtifact } from '../training/artifactWriter.file.ts'
import { joinLabels } from '../training/dataset.ts'
import { type FeatureTable, readFeatureTable } from '../training/featureTable.file.ts'
import { readLabels } from '../training/labels.file.ts'
import type { TrainedArtifact } from '../training/train.ts'
import { artifactOf } from './artifact.ts'
import type { CalibrationKind } from './calibrated.ts'
import { readGolden } from './golden.file.ts'
import { readLightgbm } from './lightgbm.ts'
import { openImported } from './imported.ts'
import { type Background, withLearnt } from './learnt.ts'
import { featureNamesOf } from './names.ts'
import { parseGroups, reasonGroupsOf } from './reasonGroups.ts'
import { readText } from './text.file.ts'
import { readXgboost } from './xgboost.ts'

/** Who wrote the model -> how its file is read. */
export const libraries = { xgboost: readXgboost, lightgbm: readLightgbm } as const
export type Library = keyof typeof libraries

export type ImportRequest = {
  readonly library: Library
  readonly modelFile: string
  /** In the order of the model's columns; null: as the model's file says. */
  readonly features: readonly string[] | null
  readonly goldenFile: string
  readonly rounds: number | null
  readonly id: string
  readonly version: string
  readonly description: string | null
  /** Features of payments: for the baselines of reasons, and with labels for metrics. */
  readonly rowsFile: string | null
  readonly labelsFile: string | null
  readonly reasonsFile: string | null
  /** Fitted to the earlier half of the labelled rows; null or none: the probability is the library's. */
  readonly calibrate?: CalibrationKind | null
  readonly out: string
}

const backgroundOf = async (table: FeatureTable, labelsFile: string | null): Promise<Background> => {
  if (labelsFile === null) return { rows: table.rows, labels: null }
  const examples = joinLabels(table, await readLabels(labelsFile))
  return { rows: examples.map(({ row }) => row), labels: examples.map(({ fraud }) => fraud) }
}

const goodRows = ({ rows, labels }: Background): readonly Float64Array[] =>
  labels === null ? rows : rows.filter((_, at) => labels[at] === 0)

const readBackground = async (
  request: ImportRequest,
  names: readonly string[],
): Promise<Background | null> => {
  const { rowsFile, labelsFile, reasonsFile, calibrate } = request
  if ((calibrate ?? null) !== null && labelsFile === null)
    throw new SluiceError('USAGE', '--labels is missing: --calibrate fits to what payments turned out to be')
  if (rowsFile !== null) return backgroundOf(await readFeatureTable(rowsFile, names), labelsFile)
  if (labelsFile !== null || reasonsFile !== null)
    throw new SluiceError('USAGE', '--rows is missing: --labels and --reasons need the features of payments')
  return null
}

const sourceOf = (request: ImportRequest, forest: Forest, text: string) => ({
  library: request.library,
  modelFile: path.basename(request.modelFile),
  modelSha256: sha256(text),
  trees: forest.trees.length,
  ...((request.calibrate ?? null) === null ? {} : { calibratedOn: 'the earlier half of the labelled rows' }),
})

/**
 * Makes an artifact of a model that a library trained. Nothing is written unless it gives the library's probabilities.
 * @throws SluiceError MODEL_INVALID, MODEL_UNVERIFIED (a golden vector is off), FEATURE_UNKNOWN, FILE_INVALID or USAGE
 */
export const importModel = async (request: ImportRequest): Promise<TrainedArtifact> => {
  const text = await readText(request.modelFile)
  const forest = libraries[request.library](text, request.modelFile, request.rounds)
  const names = featureNamesOf(forest, request.features)
  for (const name of names) parseFeatureName(name)
  const background = await readBackground(request, names)
  const reasons = request.reasonsFile
  const groups = reasons === null ? {} : parseGroups(await readText(reasons), reasons)
  const { id, version, description } = request
  const artifact = artifactOf(forest, {
    id,
    version,
    description,
    names,
    golden: await readGolden(request.goldenFile, names),
    reasonGroups: background === null ? [] : reasonGroupsOf(groups, names, goodRows(background)),
    source: sourceOf(request, forest, text),
  })
  const whole = await withLearnt(artifact, background, {
    kind: request.calibrate ?? null,
    origin: request.modelFile,
  })
  parseManifest(manifestText(whole.manifest), request.out)
  // Once more with all of it, as whoever loads it will.
  const scorer = await openImported(whole, request.out)
  scorer.dispose()
  await writeArtifact(request.out, whole)
  return whole
}
