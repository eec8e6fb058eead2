// npm run --silent handbook:compare: features of `sluice replay` beside those that the handbook's authors published.
import { parseArgs } from 'node:util'
import { required } from '../../src/commands/options.ts'
import { describeError, exitCodeOf } from '../../src/dispatch.ts'
import { compare, type Comparison } from './compare.file.ts'
import { swapped, windowFeatures } from './published.ts'

const help = `Usage: npm run --silent handbook:compare -- --features FILE --published FILE

Compares the twelve features over windows, row by row, and ends with 1 if a row differs or is missing. The rows
${[...swapped].join(' and ')} may differ: two payments of one second that pandas put into another order.

  --features FILE    what sluice replay wrote, with the features
                     ${windowFeatures.map(({ feature }) => feature).join('\n                     ')}
  --published FILE   the handbook's transformed data as CSV, plain or .gz
  --until TIME       leave published rows from this TX_DATETIME on out, such as 2018-05-06
  --json             print the result as JSON
`

const options = {
  features: { type: 'string' },
  published: { type: 'string' },
  until: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const tell = ({ compared, missing, differing, differingSwapped, largest }: Comparison): string =>
  [
    `${compared} rows compared, ${windowFeatures.length} features each`,
    `${differing.length} rows differ${differing.length === 0 ? '' : `: ${differing.slice(0, 10).join(', ')}`}`,
    ...(differingSwapped === 0 ? [] : [`${differingSwapped} more rows differ that are known to`]),
    ...(missing === 0 ? [] : [`${missing} published rows are missing`]),
    `largest difference beyond the rounding to ten digits: ${largest}`,
    '',
  ].join('\n')

const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const comparison = await compare({
    features: required(values.features, '--features'),
    published: required(values.published, '--published'),
    until: values.until,
  })
  process.stdout.write(values.json ? `${JSON.stringify(comparison)}\n` : tell(comparison))
  return comparison.compared > 0 && comparison.differing.length + comparison.missing === 0 ? 0 : 1
}

process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(describeError(error))
  return exitCodeOf(error)
})
