import { parseArgs } from 'node:util'
import { whole } from '../whole.ts'

export type SwapBenchOptions = {
  readonly perSecond: number
  readonly seconds: number
  readonly windows: number
  readonly everySeconds: number
  readonly warmUpSeconds: number
  readonly accounts: number
  readonly historyDays: number
  readonly json: boolean
}

export const help = `Usage: npm run bench:swap -- [options]

The same payments twice: with one bundle, and while bundles are swapped, every fifth of them broken in another way. No
payment may be lost, answered twice, or decided by a bundle that is not sound; exit code 1 if one is, or if the p99 of
the own part (median of the windows) is more than 1.5 times that without swaps.

  --rate N       payments a second (1000)
  --seconds N    of each of the two runs (300), in --windows N (5), after --warm-up N (15)
  --every N      seconds from one swap to the next (5)
  --accounts N   that pay (10000), with --days N (30) of history each
  --json         print the result as JSON
`

const options = {
  rate: { type: 'string', default: '1000' },
  seconds: { type: 'string', default: '300' },
  windows: { type: 'string', default: '5' },
  every: { type: 'string', default: '5' },
  'warm-up': { type: 'string', default: '15' },
  accounts: { type: 'string', default: '10000' },
  days: { type: 'string', default: '30' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** null: help was asked for. @throws SluiceError USAGE */
export const parseOptions = (args: readonly string[]): SwapBenchOptions | null => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) return null
  return {
    perSecond: whole('rate', values.rate),
    seconds: whole('seconds', values.seconds),
    windows: whole('windows', values.windows),
    everySeconds: whole('every', values.every),
    warmUpSeconds: whole('warm-up', values['warm-up']),
    accounts: whole('accounts', values.accounts),
    historyDays: whole('days', values.days),
    json: values.json,
  }
}
