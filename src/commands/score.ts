import { parseArgs } from 'node:util'
import { SluiceError } from '../errors.ts'
import { readArtifact } from '../model/artifact.file.ts'
import { openBackend } from '../model/backend.ts'
import { engineFor, pinFor } from '../model/measure.ts'
import { backendNames } from '../model/pin.ts'
import { createScorer } from '../model/scorer.ts'
import { readFeatureTable } from '../offline/training/featureTable.file.ts'
import { writeScores } from '../offline/training/scores.file.ts'
import { required } from './options.ts'

export const summary = 'score features with a model'

const help = `Usage: sluice score --model DIR --features FILE --out FILE [options]

  --model DIR       folder of an artifact, such as models/payment-risk/1
  --features FILE   CSV of sluice replay
  --out FILE        CSV: paymentId, score (calibrated probability of fraud, empty where there is none)

Options:
  --backend NAME    engine: ${backendNames.join(', ')} (wasm; trees for a model of format trees)
  --json            print how many were scored as JSON
`

const options = {
  model: { type: 'string' },
  features: { type: 'string' },
  out: { type: 'string' },
  backend: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const rowsAtOnce = 64

export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [folder, featuresFile, out] = [
    required(values.model, '--model'),
    required(values.features, '--features'),
    required(values.out, '--out'),
  ]
  const backendName = backendNames.find((name) => name === values.backend)
  if (values.backend !== undefined && backendName === undefined)
    throw new SluiceError('USAGE', `--backend: expected ${backendNames.join(', ')}`)

  const artifact = await readArtifact(folder)
  const names = artifact.manifest.features.map((feature) => feature.name)
  const table = await readFeatureTable(featuresFile, names)
  const backend = await openBackend(backendName ?? engineFor(artifact.manifest.format))
  const model = { ...artifact, pin: pinFor(backend) }
  const featureIndex = new Map(names.map((name, at) => [name, at]))
  const scorer = await createScorer(model, featureIndex, () => Promise.resolve(backend))

  const scores = new Float64Array(table.rows.length)
  for (let from = 0; from < scores.length; from += rowsAtOnce)
    scores.set(scorer.score(table.rows.slice(from, from + rowsAtOnce)), from)
  await writeScores(
    out,
    table.paymentIds.map((paymentId, at) => [paymentId, scores[at]!] as const),
  )
  const result = { scored: scores.filter((score) => !Number.isNaN(score)).length, of: scores.length, out }
  process.stdout.write(
    values.json
      ? `${JSON.stringify(result)}\n`
      : `${result.scored} of ${result.of} payments scored: ${out}\n`,
  )
  return 0
}
