// npm run --silent handbook:convert: the Fraud Detection Handbook's payments as files that Sluice reads.
import { parseArgs } from 'node:util'
import { required } from '../../src/commands/options.ts'
import { createProgress } from '../../src/commands/progress.ts'
import { describeError, exitCodeOf } from '../../src/dispatch.ts'
import { convert, convertedFiles } from './convert.file.ts'

const help = `Usage: npm run --silent handbook:convert -- --transactions FILE --out DIR

Writes ${Object.values(convertedFiles).join(', ')} into DIR.

  --transactions FILE   the handbook's columns as CSV, plain or .gz, in time order: TRANSACTION_ID, TX_DATETIME,
                        CUSTOMER_ID, TERMINAL_ID, TX_AMOUNT, TX_FRAUD
  --out DIR             made if it is not there
  --json                print the result as JSON
`

const options = {
  transactions: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const folder = required(values.out, '--out')
  const progress = createProgress('payments converted')
  const converted = await convert({
    transactions: required(values.transactions, '--transactions'),
    folder,
    onPayments: progress.at,
  }).finally(progress.end)
  const { payments, frauds } = converted
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ ...converted, folder })}\n`
      : `${payments} payments, ${frauds} of them fraud: ${folder}\n`,
  )
  return 0
}

process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(describeError(error))
  return exitCodeOf(error)
})
