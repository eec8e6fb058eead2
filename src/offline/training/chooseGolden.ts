import { compileLogOdds, sigmoid } from '../../model/calibrate.ts'
import type { Calibration, GoldenVector, ManifestFeature } from '../../model/manifest.ts'
import { compilePreprocess } from '../../model/preprocess.ts'
import type { Example } from './dataset.ts'
import { forward } from './forward.ts'
import type { NetworkWeights } from './networkWeights.ts'

/** What golden vectors are made from; `examples` is not empty. */
export type GoldenSource = {
  readonly features: readonly ManifestFeature[]
  readonly network: NetworkWeights
  readonly calibration: Calibration
  readonly examples: readonly Example[]
}

const ofEachKind = 6

const spread = <T>(items: readonly T[], count: number): readonly T[] =>
  Array.from(
    { length: Math.min(count, items.length) },
    (_, at) => items[Math.floor((at * items.length) / count)]!,
  )

/**
 * Real rows of both kinds, a row of which every second value is unknown, and one of which nothing is known,
 * with the probability that plain double-precision arithmetic gives.
 */
export const chooseGolden = ({
  features,
  network,
  calibration,
  examples,
}: GoldenSource): readonly GoldenVector[] => {
  const { columns, write } = compilePreprocess(
    features,
    features.map((_, at) => at),
  )
  const kind = (fraud: 0 | 1): readonly Float64Array[] =>
    spread(
      examples.filter((example) => example.fraud === fraud),
      ofEachKind,
    ).map((example) => example.row)
  const anyRow = examples[0]!.row
  const rows = [
    ...kind(1),
    ...kind(0),
    anyRow.map((value, at) => (at % 2 === 0 ? NaN : value)),
    anyRow.map(() => NaN),
  ]
  const logOdds = compileLogOdds('logit', calibration)
  return rows.map((row) => {
    const input = new Float32Array(columns)
    write(row, input, 0)
    const probability = sigmoid(logOdds(forward(network, input)))
    return { row: Array.from(row, (value) => (Number.isNaN(value) ? null : value)), probability }
  })
}
