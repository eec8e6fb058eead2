import { compilePreprocess } from '../../model/preprocess.ts'
import type { Manifest, ManifestFeature } from '../../model/manifest.ts'
import { canonicalJson, sha256 } from '../../model/canonical.ts'
import { sigmoid } from '../../model/calibrate.ts'
import { brierScore } from '../metrics/brier.ts'
import { areaUnderRoc, averagePrecision, operatingPoint } from '../metrics/rankMetrics.ts'
import { rank } from '../metrics/ranking.ts'
import { type Example, splitByTime } from './dataset.ts'
import { baselineOf, fitFeature } from './fitPreprocess.ts'
import { type Epoch, type Fit, fitNetwork, type Inputs } from './fitNetwork.ts'
import { chooseGolden } from './chooseGolden.ts'
import { toLayersModel } from './layersModel.ts'
import { fitPlatt } from './platt.ts'
import type { TrainingSpec } from './spec.ts'

/** A whole artifact in memory: file name -> bytes. */
export type TrainedArtifact = { readonly manifest: Manifest; readonly files: ReadonlyMap<string, Uint8Array> }

const columnOf = (examples: readonly Example[], at: number): readonly number[] =>
  examples.map((example) => example.row[at]!)

const inputsOf = (features: readonly ManifestFeature[], examples: readonly Example[]): Inputs => {
  const { columns, write } = compilePreprocess(
    features,
    features.map((_, at) => at),
  )
  const values = new Float32Array(examples.length * columns)
  examples.forEach((example, at) => write(example.row, values, at * columns))
  return { columns, values, labels: Float32Array.from(examples, (example) => example.fraud) }
}

const dataOf = (examples: readonly Example[]): Record<string, number | string> => ({
  rows: examples.length,
  frauds: examples.filter((example) => example.fraud === 1).length,
  from: new Date(examples[0]!.occurredAt).toISOString(),
  to: new Date(examples.at(-1)!.occurredAt).toISOString(),
})

const reasonGroupsOf = (spec: TrainingSpec, training: readonly Example[]): Manifest['reasonGroups'] => {
  const good = training.filter((example) => example.fraud === 0)
  return Object.entries(spec.reasonGroups).map(([code, names]) => ({
    code,
    baseline: Object.fromEntries(
      names.map((name) => [name, baselineOf(columnOf(good, spec.features.indexOf(name)))]),
    ),
  }))
}

const resultsOf = (spec: TrainingSpec, fit: Fit, probabilities: Float64Array, labels: Float32Array) => {
  const ranking = rank(probabilities, labels)
  return {
    metrics: {
      epochs: fit.epochs.length,
      validationAreaUnderRoc: areaUnderRoc(ranking),
      validationAveragePrecision: averagePrecision(ranking),
      validationBrierScore: brierScore(probabilities, labels),
    },
    thresholds: spec.thresholdShares.map((goodStoppedShare) => {
      const { score, recall } = operatingPoint(ranking, goodStoppedShare)
      return { goodStoppedShare, probability: Math.min(1, score), recall }
    }),
  }
}

/**
 * Trains a network on the earlier payments and chooses, calibrates and measures it on the later ones.
 * Runs on the TF.js engine of this thread; `example.row` holds the features in the order of the spec.
 * @param source what the manifest should say of where the data came from
 * @throws SluiceError FILE_INVALID if a part has payments of one kind only
 */
export const train = async (
  spec: TrainingSpec,
  examples: readonly Example[],
  source: Readonly<Record<string, string>>,
  onEpoch: (epoch: Epoch) => void,
): Promise<TrainedArtifact> => {
  const { training, validation } = splitByTime(examples, spec)
  const features = spec.features.map((name, at) => fitFeature(name, columnOf(training, at)))
  const validationInputs = inputsOf(features, validation)
  const fit = fitNetwork(spec, inputsOf(features, training), validationInputs, onEpoch)

  const calibration = fitPlatt(fit.validationLogits, validationInputs.labels)
  const probabilities = Float64Array.from(fit.validationLogits, (logit) =>
    sigmoid(calibration.a * logit + calibration.b),
  )
  const { modelJson, weights } = await toLayersModel(fit.layers)
  const files = new Map<string, Uint8Array>([
    ['model.json', Buffer.from(modelJson)],
    ['weights.bin', weights],
  ])
  const manifest: Manifest = {
    manifestVersion: 1,
    id: spec.id,
    version: spec.version,
    ...(spec.description === undefined ? {} : { description: spec.description }),
    format: 'tfjs-layers',
    output: 'logit',
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, sha256(bytes)])),
    features,
    calibration,
    reasonGroups: reasonGroupsOf(spec, training),
    goldenTolerance: 1e-5,
    goldenVectors: chooseGolden({ features, layers: fit.layers, calibration, examples: validation }),
    training: {
      ...source,
      specSha256: sha256(canonicalJson(spec)),
      training: dataOf(training),
      validation: dataOf(validation),
    },
    ...resultsOf(spec, fit, probabilities, validationInputs.labels),
  }
  return { manifest, files }
}
