import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { trustOf } from '../compose/trust.ts'
import { readSettings } from '../config.ts'
import { SluiceError } from '../errors.ts'
import type { ActiveChallenger } from '../model/active.ts'
import { challenge, unchallenge } from '../model/challenge.file.ts'
import { type BackendName, backendNames } from '../model/pin.ts'
import { numberOf } from './options.ts'

const help = `Usage: sluice model challenge NAME/VERSION [options]

Lets a model score beside the champion. In shadow it decides nothing: what it would have said is in the metrics and in
the audit records, and sluice model report tells of it. With a share it decides for that share of the accounts, always
the same ones; a larger share keeps those that are in. Running instances follow by themselves.

Options:
  --share SHARE   decide for this share of the accounts, above 0 and at most 1: a canary
  --remove        let it score no longer
  --backend NAME  on this engine: ${backendNames.join(', ')} (in shadow: the fastest; a canary: the champion's)
  --models DIR    the models folder (models)
  --json          print the result as JSON
`

const options = {
  share: { type: 'string' },
  remove: { type: 'boolean', default: false },
  backend: { type: 'string' },
  models: { type: 'string', default: 'models' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const namesOf = (backend: string | undefined): readonly BackendName[] => {
  if (backend === undefined) return backendNames
  const found = backendNames.find((name) => name === backend)
  if (found !== undefined) return [found]
  throw new SluiceError(
    'USAGE',
    `--backend: expected ${backendNames.join(', ')}, got ${JSON.stringify(backend)}`,
  )
}

const shareOf = (text: string | undefined): number | null => {
  if (text === undefined) return null
  const share = numberOf(text, '--share')
  if (share > 0 && share <= 1) return share
  throw new SluiceError('USAGE', `--share: expected a number above 0 and at most 1, got ${text}`)
}

const lineOf = ({ path, pin, canaryShare }: ActiveChallenger): string =>
  `${path} on ${pin.backend}: ${canaryShare === undefined ? 'in shadow' : `decides for ${canaryShare * 100} % of the accounts`}\n`

/** `sluice model challenge`. @throws SluiceError USAGE, and what reading and measuring a model throws */
export const runChallenge = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [modelPath, ...rest] = positionals
  if (modelPath === undefined || rest.length > 0)
    throw new SluiceError('USAGE', `expected one model as NAME/VERSION, got ${positionals.length}`)
  const canaryShare = shareOf(values.share)
  const { active, bundleHash } = values.remove
    ? await unchallenge(values.models, modelPath)
    : await challenge({
        modelsFolder: values.models,
        modelPath,
        canaryShare,
        names: namesOf(values.backend),
        trust: trustOf(readSettings()),
        now: () => performance.now(),
      })
  const text = [...active.challengers.map(lineOf), `bundle ${bundleHash}\n`].join('')
  process.stdout.write(values.json ? `${JSON.stringify({ active, bundleHash })}\n` : text)
  return 0
}
