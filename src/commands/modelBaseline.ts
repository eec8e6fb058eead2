import path from 'node:path'
import { parseArgs } from 'node:util'
import { SluiceError } from '../errors.ts'
import { addBaseline } from '../offline/importing/addBaseline.file.ts'
import { required } from './options.ts'

const help = `Usage: sluice model baseline NAME/VERSION --features FILE [options]

Writes into the model's manifest how its features and its scores were distributed in training: what drift is measured
against (docs/shadow.md). sluice train and sluice model import --rows do so themselves; this is for models of others.
A signature counts no longer afterwards: sign the model again.

  --features FILE  features of the payments that it learnt from (CSV of sluice replay or sluice dataset)

Options:
  --held-out FILE  features of payments that it did not learn from: the scores are theirs (those of --features)
  --models DIR     the models folder (models)
  --json           print the baseline as JSON
`

const options = {
  features: { type: 'string' },
  'held-out': { type: 'string' },
  models: { type: 'string', default: 'models' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** `sluice model baseline`. @throws SluiceError USAGE, FILE_INVALID or MODEL_INVALID */
export const runBaseline = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [model, ...rest] = positionals
  if (rest.length > 0) throw new SluiceError('USAGE', `expected one model, got ${positionals.length}`)
  const folder = path.join(values.models, required(model, 'the model (NAME/VERSION)'))
  const baseline = await addBaseline({
    folder,
    featuresFile: required(values.features, '--features'),
    heldOutFile: values['held-out'] ?? null,
  })
  process.stdout.write(
    values.json
      ? `${JSON.stringify(baseline)}\n`
      : `${folder}: a baseline of ${Object.keys(baseline.features).length} features and the score; sign it again\n`,
  )
  return 0
}
