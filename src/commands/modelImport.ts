import path from 'node:path'
import { parseArgs } from 'node:util'
import { SluiceError } from '../errors.ts'
import { type CalibrationKind, calibrationKinds } from '../offline/importing/calibrated.ts'
import { importModel, libraries, type Library } from '../offline/importing/importModel.file.ts'
import { readFeatureList } from '../offline/replay/featureList.file.ts'
import { required } from './options.ts'

export const help = `Usage: sluice model import --format NAME --model FILE --golden FILE --out DIR [options]

Makes an artifact of trees that another library trained (docs/trees.md). It is written only if it gives the library's
own probabilities for the golden rows.

  --format NAME     who wrote the model: ${Object.keys(libraries).join(', ')}
  --model FILE      XGBoost: save_model to a name that ends in .json; LightGBM: save_model (text)
  --golden FILE     CSV or NDJSON that the library's user wrote: a column for each feature, empty where not known,
                    and \`probability\`, what the library gives for the row
  --out DIR         folder of the artifact, such as models/card-trees/1

Options:
  --features LIST   names with commas between, or @FILE, in the order of the model's columns
                    (the names in the model's file)
  --rounds N        only the first rounds of boosting (all)
  --rows FILE       features of payments that the trees have not learnt from (CSV of sluice replay): the baseline that
                    drift is measured against, baselines for reasons, metrics with --labels
  --labels FILE     what these payments were: metrics, thresholds, and baselines from good payments alone
  --reasons FILE    YAML: reason code and its features (or a training specification with reasonGroups)
  --calibrate KIND  ${calibrationKinds.join(' or ')}: from the trees' output to a probability, fitted to the earlier half
                    of --rows and --labels and measured on the later half (the probability is the library's)
  --id NAME         id of the model (the last folder but one of --out)
  --version TEXT    its version (the last folder of --out)
  --description TEXT
  --json            print the result as JSON
`

const text = { type: 'string' } as const
const options = {
  format: text,
  model: text,
  golden: text,
  out: text,
  features: text,
  rounds: text,
  rows: text,
  labels: text,
  reasons: text,
  calibrate: text,
  id: text,
  version: text,
  description: text,
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const libraryOf = (format: string): Library => {
  if (format === 'xgboost' || format === 'lightgbm') return format
  throw new SluiceError(
    'USAGE',
    `--format: expected ${Object.keys(libraries).join(' or ')}, got ${JSON.stringify(format)}`,
  )
}

const roundsOf = (given: string | undefined): number | null => {
  if (given === undefined) return null
  if (/^[1-9]\d{0,5}$/.test(given)) return Number(given)
  throw new SluiceError('USAGE', `--rounds: expected a whole number from 1, got ${JSON.stringify(given)}`)
}

const calibrationOf = (given: string | undefined): CalibrationKind | null => {
  if (given === undefined) return null
  const found = calibrationKinds.find((kind) => kind === given)
  if (found !== undefined) return found
  throw new SluiceError(
    'USAGE',
    `--calibrate: expected ${calibrationKinds.join(' or ')}, got ${JSON.stringify(given)}`,
  )
}

/** `sluice model import`: its own options, so that those of the other subcommands stay theirs. */
export const runImport = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const out = required(values.out, '--out')
  const folders = path.resolve(out).split(path.sep)
  const features = values.features === undefined ? null : await readFeatureList(values.features)
  const { manifest } = await importModel({
    library: libraryOf(required(values.format, '--format')),
    modelFile: required(values.model, '--model'),
    goldenFile: required(values.golden, '--golden'),
    features,
    rounds: roundsOf(values.rounds),
    id: values.id ?? folders.at(-2) ?? '',
    version: values.version ?? folders.at(-1) ?? '',
    description: values.description ?? null,
    rowsFile: values.rows ?? null,
    labelsFile: values.labels ?? null,
    reasonsFile: values.reasons ?? null,
    calibrate: calibrationOf(values.calibrate),
    out,
  })
  const { id, version, goldenVectors, metrics, training, thresholds } = manifest
  const result = {
    model: `${id}/${version}`,
    out,
    goldenVectors: goldenVectors.length,
    ...training,
    metrics,
    thresholds,
  }
  process.stdout.write(
    values.json
      ? `${JSON.stringify(result)}\n`
      : `${out}: ${result.model}, ${JSON.stringify(training['trees'])} trees; gives all ${goldenVectors.length} golden vectors\n${thresholds
          .map(
            ({ goodStoppedShare, probability, recall }) =>
              `stopping ${goodStoppedShare * 100} % of the good payments: from ${probability.toFixed(4)} on, ${(recall * 100).toFixed(1)} % of the frauds\n`,
          )
          .join('')}`,
  )
  return 0
}
