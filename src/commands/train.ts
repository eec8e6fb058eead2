import path from 'node:path'
import { parseArgs } from 'node:util'
import { SluiceError } from '../errors.ts'
import { parseFeatureName } from '../features/names.ts'
import { openBackend } from '../model/backend.ts'
import { type TensorEngine, tensorEngines } from '../model/pin.ts'
import { writeText } from '../offline/files/text.file.ts'
import { writeArtifact } from '../offline/training/artifactWriter.file.ts'
import { joinLabels } from '../offline/training/dataset.ts'
import { readFeatureTable } from '../offline/training/featureTable.file.ts'
import { readLabels } from '../offline/training/labels.file.ts'
import { readSpec, sha256OfFile } from '../offline/training/spec.file.ts'
import { trainingReport } from '../offline/training/report.ts'
import { train } from '../offline/training/train.ts'
import { chooseSpec } from '../offline/training/trainGrid.process.ts'
import { required } from './options.ts'
import { createProgressBar } from './progressBar.ts'

export const summary = 'train a model from features and labels'

const help = `Usage: sluice train --spec FILE --features FILE --labels FILE --out DIR [options]

  --spec FILE       YAML: features, layers, seed, reason groups ... (see models/payment-risk/spec.yaml)
  --features FILE   CSV of sluice replay: paymentId and a column for each feature, empty where not known
  --labels FILE     CSV: paymentId, occurredAt, accountId, fraud (0 or 1), knownAt
  --out DIR         folder of the artifact; report.html goes there too

Options:
  --backend NAME    engine to train on: ${tensorEngines.join(', ')} (wasm); the same one gives the same weights
  --json            print the result as JSON
`

const options = {
  spec: { type: 'string' },
  features: { type: 'string' },
  labels: { type: 'string' },
  out: { type: 'string' },
  backend: { type: 'string', default: 'wasm' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const backendOf = (text: string): TensorEngine => {
  const found = tensorEngines.find((name) => name === text)
  if (found !== undefined) return found
  throw new SluiceError(
    'USAGE',
    `--backend: expected ${tensorEngines.join(', ')}, got ${JSON.stringify(text)}`,
  )
}

export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const specFile = required(values.spec, '--spec')
  const featuresFile = required(values.features, '--features')
  const labelsFile = required(values.labels, '--labels')
  const folder = required(values.out, '--out')
  const backendName = backendOf(values.backend)

  const spec = await readSpec(specFile)
  for (const name of spec.features) parseFeatureName(name)
  const [table, labels] = [await readFeatureTable(featuresFile, spec.features), await readLabels(labelsFile)]
  const examples = joinLabels(table, labels)
  const backend = await openBackend(backendName)
  process.stderr.write(`${examples.length} of ${table.rows.length} payments have a label\n`)
  const source = {
    engine: `${backend.name} ${backend.version}`,
    featuresSha256: await sha256OfFile(featuresFile),
    labelsSha256: await sha256OfFile(labelsFile),
  }
  const searched = await chooseSpec(spec, specFile, examples, backendName, (variant, tried) =>
    process.stderr.write(
      `${JSON.stringify(variant.changes)}: average precision ${tried.averagePrecision.toFixed(4)} after ${tried.epochs} epochs\n`,
    ),
  )
  const chosen = searched.spec
  const bar = createProgressBar({ terminal: process.stderr, monotonic: () => performance.now() })
  const tell = (line: string): void => {
    bar.end()
    process.stderr.write(`${line}\n`)
  }
  const artifact = await train(chosen, examples, source, {
    onEpoch: ({ epoch, loss, averagePrecision, best }) => {
      tell(
        `epoch ${epoch} of ${chosen.epochs}: loss ${loss.toFixed(5)}, average precision ${averagePrecision.toFixed(4)}${best ? ' *' : ''}`,
      )
      bar.at('epochs', epoch, chosen.epochs)
    },
    onRefit: (epoch) => bar.at('epochs on all payments', epoch, chosen.epochs),
  })
  bar.end()
  await writeArtifact(folder, artifact)
  await writeText(path.join(folder, 'report.html'), trainingReport(artifact, searched.tried))
  const { metrics, thresholds } = artifact.manifest
  if (values.json) process.stdout.write(`${JSON.stringify({ folder, metrics, thresholds })}\n`)
  else {
    process.stdout.write(`${folder}: not signed yet, see sluice model sign\n`)
    for (const [name, value] of Object.entries(metrics)) process.stdout.write(`  ${name} ${value}\n`)
    for (const { goodStoppedShare, probability, recall, chosenFor } of thresholds)
      process.stdout.write(
        `  from probability ${probability.toFixed(4)}: ${goodStoppedShare * 100} % of good payments stopped, ${(recall * 100).toFixed(1)} % of frauds${chosenFor === undefined ? '' : ` (${chosenFor})`}\n`,
      )
  }
  return 0
}
