import { parseArgs } from 'node:util'
import { trustOf } from '../compose/trust.ts'
import { readSettings } from '../config.ts'
import { SluiceError } from '../errors.ts'
import { promotePolicy } from '../model/promote.file.ts'
import { openPolicy } from './policyFile.ts'

export const summary = 'let the policy as it is now decide, if it is right and approved'

const help = `Usage: sluice policy promote [options]

Checks policy.yaml of the models folder and its approvals, and makes it part of the active bundle; the model stays.
Running instances follow by themselves; sluice model rollback goes back.

Options:
  --models DIR  the models folder (models)
  --json        print the result as JSON
`

const options = {
  models: { type: 'string', default: 'models' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const settings = readSettings()
  const { file, policy, problems } = await openPolicy(undefined, values.models, settings, Date.now())
  if (policy === null)
    throw new SluiceError('POLICY_INVALID', `${file}: not promoted: ${problems.join('; ')}`)
  const { active, bundleHash } = await promotePolicy(values.models, trustOf(settings))
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ active, bundleHash })}\n`
      : `active: ${active.champion.path} under ${active.policy.path} (version ${policy.version}), bundle ${bundleHash}\n`,
  )
  return 0
}
