import { parseArgs } from 'node:util'
import path from 'node:path'
import { policyDeps } from '../compose/policyDeps.ts'
import { compilePolicyText } from '../decision/policy.ts'
import { readPolicyText } from '../decision/policyText.ts'
import { tryCases } from '../decision/tryCases.ts'
import { SluiceError } from '../errors.ts'
import { readPolicyFile } from '../model/policy.file.ts'
import { atMost } from './options.ts'

export const summary = "run a policy's cases, and say what they would not notice"

const help = `Usage: sluice policy test [FILE] [options]

Runs the cases of each rule and of the whole policy (policy.yaml of the models folder) and ends with 1 if one comes out
otherwise than it says. Warns of rules without a case, and of changes of a rule that its cases would not notice: a
comparison turned, && and || exchanged, a number changed.

Options:
  --models DIR  the models folder (models)
  --json        print the result as JSON
`

const options = {
  models: { type: 'string', default: 'models' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** What is wrong with the policy as a whole, its own cases included. */
const problemsOf = (text: ReturnType<typeof readPolicyText>): readonly string[] => {
  try {
    compilePolicyText(text, policyDeps)
    return []
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'POLICY_INVALID') return error.problems
    throw error
  }
}

export const run = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  atMost(positionals, 1)
  const file = positionals[0] ?? path.join(values.models, 'policy.yaml')
  const read = readPolicyText((await readPolicyFile(file)).text)
  const tried = tryCases(read.spec, policyDeps)
  const problems = problemsOf(read)
  const lines = [
    ...tried.cases.map(
      ({ rule, at, expected, found }) =>
        `${expected === found ? 'right' : 'WRONG'}  rule ${rule}, case ${at + 1}: ${found}${expected === found ? '' : `, expected ${expected}`}`,
    ),
    ...problems.map((problem) => `wrong: ${problem}`),
    ...tried.withoutCases.map((id) => `warning: rule ${id} has no case`),
    ...tried.unnoticed.map(({ rule, change }) => `warning: rule ${rule}: no case would notice ${change}`),
    `${file}: ${tried.cases.length} cases of rules and ${read.spec.cases.length} of the whole, ${problems.length} wrong`,
  ]
  process.stdout.write(
    values.json ? `${JSON.stringify({ file, problems, ...tried })}\n` : `${lines.join('\n')}\n`,
  )
  return problems.length === 0 ? 0 : 1
}
