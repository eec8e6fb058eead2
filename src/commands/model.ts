import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { SluiceError } from '../errors.ts'
import { parseFeatureName } from '../features/names.ts'
import { type Artifact, readArtifact } from '../model/artifact.file.ts'
import { openBackend, openPinned } from '../model/backend.ts'
import { loadBundle } from '../model/bundle.file.ts'
import { listModels } from '../model/listing.file.ts'
import { engineFor, measuredRows, pinFor } from '../model/measure.ts'
import { backendNames, type Pin } from '../model/pin.ts'
import { promote, promotePolicy } from '../model/promote.file.ts'
import { createScorer } from '../model/scorer.ts'
import { runImport } from './modelImport.ts'

export const summary = 'list, verify, import and promote models'

const help = `Usage: sluice model list|verify|promote [NAME/VERSION] [options]
       sluice model import ... (sluice model import --help)

  list                   the models in the folder, the active one marked
  verify [NAME/VERSION]  check hashes, feature names and golden vectors: of a model on the engine --backend,
                         or, without a name, of the active bundle on its pinned engine
  promote [NAME/VERSION] measure the engines that give the golden vectors, pin the fastest, and make the model
                         active together with the policy as it is now; without a name only the policy is taken

Options:
  --models DIR    the models folder (models)
  --backend NAME  verify on or promote with this engine: ${backendNames.join(', ')}
  --json          print the result as JSON
`

const options = {
  models: { type: 'string', default: 'models' },
  backend: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** What a subcommand prints: for programs, and for people. */
type Result = { readonly json: unknown; readonly text: string }

const list = async (models: string): Promise<Result> => {
  const listings = await listModels(models)
  const text = listings.map(
    (model) => `${model.active ? '*' : ' '} ${model.path}  ${model.problem ?? model.format ?? ''}\n`,
  )
  return { json: listings, text: text.join('') }
}

/** Golden vectors are checked while the scorer is made. */
const verifyOn = async (artifact: Artifact, pin: Pin): Promise<void> => {
  const names = artifact.manifest.features.map((feature) => feature.name)
  for (const name of names) parseFeatureName(name)
  const scorer = await createScorer(
    { ...artifact, pin },
    new Map(names.map((name, at) => [name, at])),
    openPinned,
  )
  scorer.dispose()
}

const verify = async (
  models: string,
  model: string | undefined,
  backend: string | undefined,
): Promise<Result> => {
  const bundle = model === undefined ? await loadBundle(models) : null
  const artifact = bundle?.champion ?? (await readArtifact(path.join(models, model ?? '')))
  const pin =
    backend === undefined && bundle !== null
      ? bundle.champion.pin
      : pinFor(
          await openBackend(
            backend === undefined ? engineFor(artifact.manifest.format) : backendNamed(backend),
          ),
        )
  await verifyOn(artifact, pin)
  const { id, version, goldenVectors } = artifact.manifest
  const verified = `${id}/${version}`
  return {
    json: {
      verified,
      backend: pin.backend,
      goldenVectors: goldenVectors.length,
      bundleHash: bundle?.bundleHash ?? null,
    },
    text: `${verified}: hashes, names and ${goldenVectors.length} golden vectors are right on ${pin.backend} ${pin.version}\n`,
  }
}

const backendNamed = (text: string): (typeof backendNames)[number] => {
  const found = backendNames.find((name) => name === text)
  if (found !== undefined) return found
  throw new SluiceError(
    'USAGE',
    `--backend: expected ${backendNames.join(', ')}, got ${JSON.stringify(text)}`,
  )
}

const promoteModel = async (
  models: string,
  model: string | undefined,
  backend: string | undefined,
): Promise<Result> => {
  const names = backend === undefined ? backendNames : [backendNamed(backend)]
  const promotion =
    model === undefined
      ? await promotePolicy(models)
      : await promote(models, model, () => performance.now(), names)
  const { active, bundleHash, measurements, refused } = promotion
  const lines = [
    ...measurements.map(({ pin, micros }) => {
      const figures = measuredRows.map((rows) => `${micros[rows].toFixed(0)} us for ${rows}`)
      return `${pin.backend} ${pin.version}: ${figures.join(', ')}`
    }),
    ...refused.map(({ backend: name, reason }) => `${name}: refused: ${reason}`),
    `active: ${active.champion.path} on ${active.champion.pin.backend}, bundle ${bundleHash}`,
  ]
  return { json: promotion, text: `${lines.join('\n')}\n` }
}

export const run = async (args: readonly string[]): Promise<number> => {
  if (args[0] === 'import') return runImport(args.slice(1))
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [action, model, ...rest] = positionals
  if (rest.length > 0) throw new SluiceError('USAGE', `expected one model, got ${positionals.length - 1}`)
  const { models, backend } = values
  const actions: Readonly<Record<string, () => Promise<Result>>> = {
    list: () => list(models),
    verify: () => verify(models, model, backend),
    promote: () => promoteModel(models, model, backend),
  }
  const chosen = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined
  if (chosen === undefined) throw new SluiceError('USAGE', 'expected list, verify, import or promote')
  const { json, text } = await chosen()
  process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : text)
  return 0
}
