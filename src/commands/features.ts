import { parseArgs } from 'node:util'
import { entityTypes } from '../domain/entity.ts'
import { SluiceError } from '../errors.ts'
import { listFeatures } from '../features/catalogue.ts'
import { featureSets } from '../features/featureSets.ts'
import { run as runCost } from './featuresCost.ts'
import { table } from './layout.ts'

export const summary = 'list the features that models and rules can ask for, and measure their cost'

const help = `Usage: sluice features list|sets|cost [options]

  list      every feature, with a sentence for each
  sets      ready-made sets of features; sluice replay takes one as --features @set:NAME
  cost      what a set costs: microseconds a payment, bytes an entity (sluice features cost --help)

Options:
  --json    print the result as JSON
`

const options = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const legend = `
<entity> is ${entityTypes.join(', ')}, or a pair such as account_payee: the payments of the first with the second.
<window> is a length of time such as 10m, 24h or 7d; what stands in brackets may be left out.
`

/** What a subcommand prints: for programs, and for people. */
type Result = { readonly json: unknown; readonly text: string }

const list = (): Result => {
  const features = listFeatures()
  return { json: features, text: table(features.map(({ name, sentence }) => [name, sentence])) + legend }
}

const sets = (): Result => ({
  json: featureSets,
  text: featureSets
    .map(
      ({ name, sentence, features }) =>
        `${name}: ${sentence}\n${features.map((each) => `  ${each}\n`).join('')}`,
    )
    .join('\n'),
})

const actions: ReadonlyMap<string | undefined, () => Result> = new Map([
  ['list', list],
  ['sets', sets],
])

export const run = async (args: readonly string[]): Promise<number> => {
  const [first, ...rest] = args
  if (first === 'cost') return runCost(rest)
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const action = actions.get(positionals[0])
  if (action === undefined || positionals.length > 1)
    throw new SluiceError('USAGE', 'expected `sluice features list`, `sets` or `cost`')
  const { json, text } = action()
  process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : text)
  return 0
}
