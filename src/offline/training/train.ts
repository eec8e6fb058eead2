import { driftBaseline } from './driftBaseline.ts'
import type { Calibration, Manifest } from '../../model/manifest.ts'
import { canonicalJson, sha256 } from '../../model/canonical.ts'
import { compileLogOdds, sigmoid } from '../../model/calibrate.ts'
import { brierScore } from '../metrics/brier.ts'
import { areaUnderRoc, averagePrecision } from '../metrics/rankMetrics.ts'
import { rank, type Ranking } from '../metrics/ranking.ts'
import { type Example, splitByTime } from './dataset.ts'
import { baselineOf, fitFeatures } from './fitPreprocess.ts'
import { type Epoch, type Fit, fitNetwork, refitNetwork } from './fitNetwork.ts'
import { type Inputs, inputsOf } from './inputs.ts'
import { fitIsotonic } from './isotonic.ts'
import type { NetworkWeights } from './networkWeights.ts'
import { chooseThreshold } from './chooseThreshold.ts'
import { describeRule, type ThresholdRule } from './thresholdRules.ts'
import { chooseGolden } from './chooseGolden.ts'
import { toLayersModel } from './layersModel.ts'
import { fitPlatt } from './platt.ts'
import type { TrainingSpec } from './spec.ts'

/** A whole artifact in memory: file name -> bytes. */
export type TrainedArtifact = { readonly manifest: Manifest; readonly files: ReadonlyMap<string, Uint8Array> }

const columnOf = (examples: readonly Example[], at: number): readonly number[] =>
  examples.map((example) => example.row[at]!)

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

const dayMs = 86_400_000

const thresholdsOf = (spec: TrainingSpec, ranking: Ranking, days: number): Manifest['thresholds'] => {
  const rules: readonly (readonly [rule: ThresholdRule, chosenFor: string | null])[] = [
    ...spec.thresholdShares.map((goodStoppedShare) => [{ goodStoppedShare }, null] as const),
    ...spec.thresholds.map((rule) => [rule, describeRule(rule)] as const),
  ]
  return rules.map(([rule, chosenFor]) => {
    const { score, recall, goodStoppedShare } = chooseThreshold(ranking, rule, days)
    return {
      goodStoppedShare: 'goodStoppedShare' in rule ? rule.goodStoppedShare : goodStoppedShare,
      probability: Math.min(1, score),
      recall,
      ...(chosenFor === null ? {} : { chosenFor }),
    }
  })
}

const resultsOf = (spec: TrainingSpec, fit: Fit, { probabilities, labels, days }: Held) => {
  const ranking = rank(probabilities, labels)
  return {
    metrics: {
      epochs: fit.taken,
      validationAreaUnderRoc: areaUnderRoc(ranking),
      validationAveragePrecision: averagePrecision(ranking),
      validationBrierScore: brierScore(probabilities, labels),
    },
    thresholds: thresholdsOf(spec, ranking, days),
  }
}

/** The validation part, by a network that was not fitted to it. */
export type Held = {
  readonly probabilities: Float64Array
  readonly labels: Float32Array
  readonly days: number
}

export type Trained = TrainedArtifact & { readonly held: Held }

export type TrainingProgress = {
  readonly onEpoch: (epoch: Epoch) => void
  readonly onRefit?: (epoch: number, loss: number) => void
}

const calibrate = ({ calibration }: TrainingSpec, logits: Float32Array, labels: Float32Array): Calibration =>
  calibration === 'platt' ? fitPlatt(logits, labels) : fitIsotonic(logits, labels)

/** With the validation part, if the spec asks for that; else the network as it was fitted. */
const finalNetwork = (
  spec: TrainingSpec,
  fit: Fit,
  all: () => Inputs,
  onRefit: TrainingProgress['onRefit'],
): NetworkWeights =>
  spec.refit ? refitNetwork(spec, all(), fit.taken, onRefit ?? (() => undefined)) : fit.network

/**
 * Trains a network on the earlier payments and chooses, calibrates and measures it on the later ones.
 * Runs on the TF.js engine of this thread; `example.row` holds the features in the order of the spec.
 * @param examples in the order of time
 * @param source what the manifest should say of where the data came from
 * @throws SluiceError FILE_INVALID if a part has payments of one kind only
 */
export const train = async (
  spec: TrainingSpec,
  examples: readonly Example[],
  source: Readonly<Record<string, string>>,
  { onEpoch, onRefit }: TrainingProgress,
): Promise<Trained> => {
  const { training, validation } = splitByTime(examples, spec)
  const features = fitFeatures(spec.features, training)
  const held = inputsOf(features, validation)
  const fit = fitNetwork(spec, inputsOf(features, training), held, onEpoch)
  const calibration = calibrate(spec, fit.validationLogits, held.labels)
  const logOdds = compileLogOdds('logit', calibration)
  const probabilities = Float64Array.from(fit.validationLogits, (logit) => sigmoid(logOdds(logit)))

  const results: Held = {
    probabilities,
    labels: held.labels,
    days: (validation.at(-1)!.occurredAt - validation[0]!.occurredAt) / dayMs,
  }

  const network = finalNetwork(spec, fit, () => inputsOf(features, [...training, ...validation]), onRefit)
  const { modelJson, weights } = await toLayersModel(network)
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
    goldenVectors: chooseGolden({ features, network, calibration, examples: validation }),
    training: {
      ...source,
      specSha256: sha256(canonicalJson(spec)),
      training: dataOf(training),
      validation: dataOf(validation),
      refit: spec.refit,
    },
    ...resultsOf(spec, fit, results),
    baseline: driftBaseline(
      training.map(({ row }) => row),
      spec.features,
      probabilities,
    ),
  }
  return { manifest, files, held: results }
}
