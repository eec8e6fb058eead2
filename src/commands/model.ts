import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { trustOf } from '../compose/trust.ts'
import { readSettings } from '../config.ts'
import { SluiceError } from '../errors.ts'
import { parseFeatureName } from '../features/names.ts'
import { type Artifact, readArtifact } from '../model/artifact.file.ts'
import { openBackend, openPinned } from '../model/backend.ts'
import { loadBundle } from '../model/bundle.file.ts'
import { listModels } from '../model/listing.file.ts'
import { engineFor, measuredRows, pinFor } from '../model/measure.ts'
import { backendNames, type Pin } from '../model/pin.ts'
import { promote, promotePolicy } from '../model/promote.file.ts'
import { rollback } from '../model/rollback.file.ts'
import { createScorer } from '../model/scorer.ts'
import { checkFor, type Trust } from '../model/trust.ts'
import { manifestJsonSchema, manifestSchemaText } from '../model/manifestSchema.ts'
import { runBaseline } from './modelBaseline.ts'
import { runChallenge } from './modelChallenge.ts'
import { runImport } from './modelImport.ts'
import { runReport } from './modelReport.ts'
import { card, keygen, sign } from './modelSigning.ts'
import type { Result } from './result.ts'

export const summary = 'list, import, sign, verify, promote, roll back and compare models'

const help = `Usage: sluice model list|verify|promote|rollback|sign|card|schema [NAME/VERSION] [options]
       sluice model keygen KEY_ID --out FILE
       sluice model import ... (sluice model import --help)
       sluice model baseline ... (sluice model baseline --help)
       sluice model challenge ... (sluice model challenge --help)
       sluice model report ... (sluice model report --help)

  list                   the models in the folder, the active one marked
  verify [NAME/VERSION]  check hashes, signature, feature names and golden vectors: of a model on the engine --backend,
                         or, without a name, of the active bundle on its pinned engine
  promote [NAME/VERSION] measure the engines that give the golden vectors, pin the fastest, and make the model
                         active together with the policy as it is now; without a name only the policy is taken
  rollback               make the bundle active that was before the last promotion, model and policy; a running
                         instance follows by itself, and called again it goes further back
  keygen KEY_ID          make a pair of Ed25519 keys: the public half goes to the key ring, the private half to --out
  sign NAME/VERSION      sign a model with the private key --key, whose public half must lie in the key ring
  card NAME/VERSION      print the model card and write it beside the manifest (MODEL_CARD.md)
  schema                 print the JSON Schema of manifest.json

Options:
  --models DIR    the models folder (models)
  --backend NAME  verify on or promote with this engine: ${backendNames.join(', ')}
  --out FILE      keygen: where the private key goes; not beside the models
  --key FILE      sign: the private key
  --json          print the result as JSON
`

const options = {
  models: { type: 'string', default: 'models' },
  backend: { type: 'string' },
  out: { type: 'string' },
  key: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const list = async (models: string, trust: Trust): Promise<Result> => {
  const listings = await listModels(models, trust)
  const text = listings.map(
    (model) =>
      `${model.active ? '*' : ' '} ${model.path}  ${model.problem ?? `${model.format}, ${model.signedBy === null ? 'unsigned' : `signed by ${model.signedBy}`}`}\n`,
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
  trust: Trust,
): Promise<Result> => {
  const bundle = model === undefined ? await loadBundle(models, trust) : null
  const artifact =
    bundle?.champion ??
    (await readArtifact(path.join(models, model ?? ''), undefined, checkFor(models, trust)))
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
  const { keyId, reason } = artifact.signer
  const verified = `${id}/${version}`
  return {
    json: {
      verified,
      backend: pin.backend,
      signedBy: keyId,
      goldenVectors: goldenVectors.length,
      bundleHash: bundle?.bundleHash ?? null,
    },
    text: `${verified}: hashes, names and ${goldenVectors.length} golden vectors are right on ${pin.backend} ${pin.version}; ${keyId === null ? `allowed although ${reason}` : `signed by ${keyId}`}\n`,
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
  trust: Trust,
): Promise<Result> => {
  const names = backend === undefined ? backendNames : [backendNamed(backend)]
  if (model !== undefined) {
    const { manifest } = await readArtifact(path.join(models, model), undefined, checkFor(models, trust))
    for (const { name } of manifest.features) parseFeatureName(name)
  }
  const promotion =
    model === undefined
      ? await promotePolicy(models, trust)
      : await promote(models, model, () => performance.now(), names, trust)
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

const rollBack = async (models: string, model: string | undefined, trust: Trust): Promise<Result> => {
  if (model !== undefined) throw new SluiceError('USAGE', 'rollback takes no model: promote makes one active')
  const { active, bundleHash } = await rollback(models, trust)
  return {
    json: { active, bundleHash },
    text: `active: ${active.champion.path} on ${active.champion.pin.backend} under ${active.policy.path}, bundle ${bundleHash}\n`,
  }
}

export const run = async (args: readonly string[]): Promise<number> => {
  if (args[0] === 'import') return runImport(args.slice(1))
  if (args[0] === 'baseline') return runBaseline(args.slice(1))
  if (args[0] === 'report') return runReport(args.slice(1))
  if (args[0] === 'challenge') return runChallenge(args.slice(1))
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [action, model, ...rest] = positionals
  if (rest.length > 0) throw new SluiceError('USAGE', `expected one model, got ${positionals.length - 1}`)
  const { models, backend } = values
  const trust = trustOf(readSettings())
  const check = checkFor(models, trust)
  const actions: Readonly<Record<string, () => Promise<Result>>> = {
    list: () => list(models, trust),
    verify: () => verify(models, model, backend, trust),
    promote: () => promoteModel(models, model, backend, trust),
    rollback: () => rollBack(models, model, trust),
    keygen: () => keygen(model, values.out, models, check),
    sign: () => sign(model, values.key, models, check),
    card: () => card(model, models, check),
    schema: () => Promise.resolve({ json: manifestJsonSchema(), text: manifestSchemaText() }),
  }
  const chosen = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined
  if (chosen === undefined)
    throw new SluiceError('USAGE', `expected one of ${['import', ...Object.keys(actions)].join(', ')}`)
  const { json, text } = await chosen()
  process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : text)
  return 0
}
