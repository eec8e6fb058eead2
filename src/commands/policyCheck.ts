import { parseArgs } from 'node:util'
import { trustOf } from '../compose/trust.ts'
import { readSettings } from '../config.ts'
import { atMost } from './options.ts'
import { checkBeside } from './policyBeside.ts'
import { approvalLines, openPolicy } from './policyFile.ts'

export const summary = 'say everything that is wrong with a policy, and who approved it'

const help = `Usage: sluice policy check [FILE] [options]

Reads a policy (policy.yaml of the models folder) as an instance would: form, conditions, names, and its own cases. Says
everything that is wrong with it, with the line, and whether its features go with those of the active models; ends with 1
if anything is wrong. Then who approved the file as it is.

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
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  atMost(positionals, 1)
  const settings = readSettings()
  const policy = await openPolicy(positionals[0], values.models, settings, Date.now())
  const { file, sha256, warnings, approved, check } = policy
  const beside =
    policy.policy === null
      ? null
      : await checkBeside(
          values.models,
          policy.policy.features,
          trustOf(settings),
          settings.historyRetentionDays * 86_400_000,
        )
  const problems = [...policy.problems, ...(beside?.problems ?? [])]
  const enough = approved.approvers.length >= check.needed
  const json = {
    file,
    sha256,
    version: policy.policy?.version ?? null,
    problems,
    warnings,
    models: beside?.models ?? [],
    ownFeatures: beside?.ownFeatures ?? [],
    ...approved,
    approvalsNeeded: check.needed,
    approved: enough,
  }
  const lines = [
    ...problems.map((problem) => `wrong: ${problem}`),
    ...warnings.map((warning) => `warning: ${warning}`),
    ...(beside === null || beside.models.length === 0
      ? []
      : [
          `beside ${beside.models.join(', ')}: ${beside.ownFeatures.length} features are computed for the policy alone`,
        ]),
    policy.policy === null || problems.length > 0
      ? `${file}: ${problems.length} wrong`
      : `${file}: version ${policy.policy.version}, ${policy.policy.rules.length} rules, all is right`,
    ...approvalLines(policy),
  ]
  process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : `${lines.join('\n')}\n`)
  return problems.length === 0 ? 0 : 1
}
