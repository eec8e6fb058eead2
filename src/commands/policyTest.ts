import { parseArgs } from 'node:util'
import path from 'node:path'
import { policyDeps } from '../compose/policyDeps.ts'
import { compilePolicyText, type Policy } from '../decision/policy.ts'
import { readCaseText, readPolicyText } from '../decision/policyText.ts'
import { type TriedPolicy, tryCases } from '../decision/tryCases.ts'
import { type TriedWhole, tryWhole } from '../decision/tryWhole.ts'
import { SluiceError } from '../errors.ts'
import { readPolicyFile } from '../model/policy.file.ts'
import { atMost } from './options.ts'

export const summary = "run a policy's cases, and say what they would not notice"

const help = `Usage: sluice policy test [FILE] [options]

Runs the cases of each rule and limit and of the whole policy (policy.yaml of the models folder) and ends with 1 if one
comes out otherwise than it says. Warns of rules and limits without a case, and of changes that their cases would not
notice: a comparison turned, && and || exchanged, a number changed.

Options:
  --cases FILE  whole decisions that stand outside of the policy: YAML with \`cases\`, as at the end of a policy
  --models DIR  the models folder (models)
  --json        print the result as JSON
`

const options = {
  cases: { type: 'string' },
  models: { type: 'string', default: 'models' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Tried<T> =
  | { readonly made: T; readonly problems: readonly [] }
  | { readonly made: null; readonly problems: readonly string[] }

const attempt = <T>(make: () => T): Tried<T> => {
  try {
    return { made: make(), problems: [] }
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'POLICY_INVALID')
      return { made: null, problems: error.problems }
    throw error
  }
}

const nothing: TriedPolicy = { cases: [], withoutCases: [], unnoticed: [] }

/** Cases of a file are tried on a policy that is right but for cases of its own. */
const tryFile = async (file: string | undefined, policy: Policy | null): Promise<readonly TriedWhole[]> => {
  if (file === undefined) return []
  const cases = readCaseText((await readPolicyFile(file)).text)
  return policy === null ? [] : tryWhole(policy, cases, policyDeps)
}

const caseLines = ({ cases }: TriedPolicy): readonly string[] =>
  cases.map(({ part, id, at, expected, found }) => {
    const isRight = expected === found
    return `${isRight ? 'right' : 'WRONG'}  ${part} ${id}, case ${at + 1}: ${found}${isRight ? '' : `, expected ${expected}`}`
  })

const wholeLines = (whole: readonly TriedWhole[]): readonly string[] =>
  whole.map(({ name, expected, found, reasons }) =>
    expected === found
      ? `right  ${name}: ${found}`
      : `WRONG  ${name}: ${found} (${reasons.join(', ') || 'no reason'}), expected ${expected}`,
  )

export const run = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  atMost(positionals, 1)
  const file = positionals[0] ?? path.join(values.models, 'policy.yaml')
  const read = readPolicyText((await readPolicyFile(file)).text)
  const { made: policy, problems } = attempt(() => compilePolicyText(read, policyDeps))
  const tried = attempt(() => tryCases(read.spec, policyDeps)).made ?? nothing
  const whole = await tryFile(values.cases, policy)
  const wrong = whole.filter(({ expected, found }) => expected !== found)
  const isUntried = values.cases !== undefined && policy === null
  const lines = [
    ...caseLines(tried),
    ...wholeLines(whole),
    ...problems.map((problem) => `wrong: ${problem}`),
    ...(isUntried ? [`wrong: ${values.cases}: not tried, as the policy is wrong`] : []),
    ...tried.withoutCases.map(({ part, id }) => `warning: ${part} ${id} has no case`),
    ...tried.unnoticed.map(
      ({ part, id, change }) => `warning: ${part} ${id}: no case would notice ${change}`,
    ),
    `${file}: ${tried.cases.length} cases of rules and limits, ${read.spec.cases.length} of the whole and ${whole.length} of other files, ${problems.length + wrong.length} wrong`,
  ]
  process.stdout.write(
    values.json ? `${JSON.stringify({ file, problems, ...tried, whole })}\n` : `${lines.join('\n')}\n`,
  )
  return problems.length + wrong.length === 0 ? 0 : 1
}
