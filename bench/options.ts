import { parseArgs } from 'node:util'
import { whole } from './whole.ts'
import { SluiceError } from '../src/errors.ts'

export type BenchOptions = {
  readonly drain: boolean
  readonly latency: boolean
  readonly accounts: number
  readonly historyDays: number
  readonly backlog: number
  readonly drains: number
  /** Payments a second. */
  readonly rates: readonly number[]
  readonly pairs: number
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly json: boolean
  readonly updateBaseline: boolean
  /** A folder for the processor's CPU profiles while it drains. */
  readonly profileFolder: string | undefined
}

export const help = `Usage: npm run bench -- [options]

  --only drain|latency   one of the two
  --quick                one short run of each: shows that it works, measures little
  --drains N             how often a backlog is drained (3)
  --backlog N            payments in it (150000)
  --rates A,B,...        payments a second (200,1000,2000)
  --pairs N              relay and Sluice in turn, at each rate (5)
  --seconds N            of a run that are measured (20), after --warm-up N (15)
  --accounts N           that pay (10000), with --days N (30) of history each
  --profile FOLDER       writes a CPU profile of the processor while it drains, and prints where the time goes
  --update-baseline      what is measured becomes bench/baseline.json
  --json                 print the results as JSON
`

const texts = {
  only: { type: 'string' },
  drains: { type: 'string' },
  backlog: { type: 'string' },
  rates: { type: 'string' },
  pairs: { type: 'string' },
  seconds: { type: 'string' },
  'warm-up': { type: 'string' },
  accounts: { type: 'string', default: '10000' },
  days: { type: 'string', default: '30' },
  profile: { type: 'string' },
} as const

const flags = {
  quick: { type: 'boolean', default: false },
  'update-baseline': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const full = {
  drains: '3',
  backlog: '150000',
  rates: '200,1000,2000',
  pairs: '5',
  seconds: '20',
  'warm-up': '15',
}
const quick = { drains: '1', backlog: '20000', rates: '1000', pairs: '1', seconds: '5', 'warm-up': '3' }

/** null: help was asked for. @throws SluiceError USAGE */
export const parseOptions = (args: readonly string[]): BenchOptions | null => {
  const { values } = parseArgs({ args: [...args], options: { ...texts, ...flags } })
  if (values.help) return null
  const { only } = values
  if (only !== undefined && only !== 'drain' && only !== 'latency')
    throw new SluiceError('USAGE', `--only: expected drain or latency, got ${JSON.stringify(only)}`)
  const defaults = values.quick ? quick : full
  const number = (option: Exclude<keyof typeof full, 'rates'>): number =>
    whole(option, values[option] ?? defaults[option])
  return {
    drain: only !== 'latency',
    latency: only !== 'drain',
    accounts: whole('accounts', values.accounts),
    historyDays: whole('days', values.days),
    backlog: number('backlog'),
    drains: number('drains'),
    rates: (values.rates ?? defaults.rates).split(',').map((rate) => whole('rates', rate)),
    pairs: number('pairs'),
    seconds: number('seconds'),
    warmUpSeconds: number('warm-up'),
    json: values.json,
    updateBaseline: values['update-baseline'],
    profileFolder: values.profile,
  }
}
