import { parseArgs } from 'node:util'
import { whole } from '../whole.ts'
import { SluiceError } from '../../src/errors.ts'

export type SoakOptions = {
  readonly accounts: number
  readonly days: number
  /** Days a second; 0: as fast as it goes. */
  readonly pace: number
  readonly sampleDays: number
  readonly retentionDays: number
  /** Share that the last third may have more than the middle third. */
  readonly tolerance: number
  readonly seed: number
  readonly json: boolean
}

export const help = `Usage: npm run soak -- [options]

The same accounts, cards, devices, addresses, payees and merchants pay day after day on a Redis of its own, with folding
as in production. Bytes in Redis and in the process must level off after the retention: exit code 1 if they do not.

  --accounts N     that pay (400), 6.5 payments a day each on average
  --days N         (120)
  --pace N         days a second (1); 0: as fast as it goes
  --every N        days from one line of the table to the next (10)
  --retention N    days (40)
  --tolerance N    percent that the last third of the days may have more than the middle third (5)
  --seed N         of the population (1)
  --json           print the result as JSON
`

const options = {
  accounts: { type: 'string', default: '400' },
  days: { type: 'string', default: '120' },
  pace: { type: 'string', default: '1' },
  every: { type: 'string', default: '10' },
  retention: { type: 'string', default: '40' },
  tolerance: { type: 'string', default: '5' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const number = (option: string, text: string, least: number): number => {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= least) return value
  throw new SluiceError(
    'USAGE',
    `--${option}: expected a number of at least ${least}, got ${JSON.stringify(text)}`,
  )
}

/** null: help was asked for. @throws SluiceError USAGE */
export const parseOptions = (args: readonly string[]): SoakOptions | null => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) return null
  const found = {
    accounts: whole('accounts', values.accounts),
    days: whole('days', values.days),
    pace: number('pace', values.pace, 0),
    sampleDays: whole('every', values.every),
    retentionDays: whole('retention', values.retention),
    tolerance: number('tolerance', values.tolerance, 0) / 100,
    seed: whole('seed', values.seed),
    json: values.json,
  }
  if (found.days < 3 * found.sampleDays)
    throw new SluiceError('USAGE', '--days: expected at least three times --every, to compare thirds')
  if (found.days < 3 * found.retentionDays)
    throw new SluiceError(
      'USAGE',
      '--days: expected at least three times --retention, to compare what comes after it',
    )
  return found
}
