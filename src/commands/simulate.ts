import { parseArgs } from 'node:util'
import { SluiceError } from '../errors.ts'
import { exportedFiles, exportWorld, type ExportSummary } from '../offline/simulator/export.file.ts'
import { createWorld } from '../offline/simulator/world.ts'
import { numberOf, required, timeOf } from './options.ts'
import { createProgress } from './progress.ts'

export const summary = 'make payments, device reports and labels of a simulated population'

const help = `Usage: sluice simulate --out DIR [options]

Writes ${Object.values(exportedFiles).join(', ')}
into DIR. The same options give the same files. Amounts are in EUR.

Options:
  --seed N              whole number that everything follows from (1)
  --accounts A          how many accounts there are (1000)
  --days D              how many days are simulated (30)
  --start TIME          the first instant (2025-01-01)
  --payments-per-day X  mean number of payments of an account (2.8)
  --fraud-scale X       times the natural share of frauds, about 0.55 % of payments; 0 for none (1)
  --id-prefix LETTERS   in every identifier, so that two runs do not collide (made from the seed)
  --other-currencies    travellers and foreign shops pay in their own currency
  --json                print the result as JSON
`

const options = {
  seed: { type: 'string', default: '1' },
  accounts: { type: 'string', default: '1000' },
  days: { type: 'string', default: '30' },
  start: { type: 'string', default: '2025-01-01' },
  out: { type: 'string' },
  'payments-per-day': { type: 'string' },
  'fraud-scale': { type: 'string' },
  'id-prefix': { type: 'string' },
  'other-currencies': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const dayMs = 86_400_000
const mostDays = 3_650

const daysOf = (text: string): number => {
  const days = numberOf(text, '--days')
  if (days > 0 && days <= mostDays) return days
  throw new SluiceError(
    'USAGE',
    `--days: expected more than 0 and at most ${mostDays}, got ${JSON.stringify(text)}`,
  )
}

const tell = (result: ExportSummary, folder: string): string => {
  const share = (part: number): string => `${((100 * part) / Math.max(1, result.payments)).toFixed(2)} %`
  const scenarios = Object.entries(result.fraudsByScenario).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return [
    `${result.payments} payments, ${result.frauds} of them frauds (${share(result.frauds)}), in ${folder}`,
    ...scenarios.map(([name, count]) => `  ${name.padEnd(22)}${count}`),
    `${result.deviceReports} device reports, ${result.accountEvents} account events, ${result.feedback} feedback`,
    '',
  ].join('\n')
}

export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const folder = required(values.out, '--out')
  const startAt = timeOf(values.start, '--start')
  const days = daysOf(values.days)
  const { 'payments-per-day': paymentsPerDay, 'fraud-scale': fraudScale, 'id-prefix': idPrefix } = values
  const world = createWorld({
    seed: numberOf(values.seed, '--seed'),
    accounts: numberOf(values.accounts, '--accounts'),
    startAt,
    otherCurrencies: values['other-currencies'],
    ...(paymentsPerDay === undefined
      ? {}
      : { paymentsPerDay: numberOf(paymentsPerDay, '--payments-per-day') }),
    ...(fraudScale === undefined ? {} : { fraudScale: numberOf(fraudScale, '--fraud-scale') }),
    ...(idPrefix === undefined ? {} : { idPrefix }),
  })
  const progress = createProgress('payments simulated')
  const result = await exportWorld(world, { untilAt: startAt + days * dayMs, folder, onPayment: progress.at })
  progress.end()
  process.stdout.write(values.json ? `${JSON.stringify({ folder, ...result })}\n` : tell(result, folder))
  return 0
}
