import { parseArgs } from 'node:util'
import { whole } from '../whole.ts'
import { SluiceError } from '../../src/errors.ts'

export const scenarioNames = ['card', 'merchant'] as const
export type ScenarioName = (typeof scenarioNames)[number]

export type HotOptions = {
  readonly scenarios: readonly ScenarioName[]
  readonly pairs: number
  /** Payments of the others, a second. */
  readonly perSecond: number
  /** Payments of the burst on one card, and how many a second. */
  readonly burst: number
  readonly burstPerSecond: number
  readonly accounts: number
  readonly json: boolean
  readonly updateBaseline: boolean
}

export const help = `Usage: npm run bench:hot -- [options]

What the others notice of one hot entity, with Sluice's histories and twelve features on a Redis of its own: payments
arrive whatever becomes of those before them, and are taken in micro-batches of at most 64.
  card        a burst on one card beside the others, and the same without it
  merchant    one merchant receives half of all payments, and the same with that half spread over all merchants

  --quick               one short pair of each: shows that it works, measures little
  --scenarios A,B       (card,merchant)
  --pairs N             with and without, in turn (5)
  --rate N              payments of the others a second (500)
  --burst N             payments on the one card (100000), --burst-rate N of them a second (2500)
  --accounts N          that pay (2000), 30 payments each before
  --update-baseline     what is measured becomes bench/hot/baseline.json
  --json                print the results as JSON
`

const texts = {
  scenarios: { type: 'string', default: scenarioNames.join(',') },
  pairs: { type: 'string' },
  rate: { type: 'string', default: '500' },
  burst: { type: 'string' },
  'burst-rate': { type: 'string', default: '2500' },
  accounts: { type: 'string' },
} as const

const flags = {
  quick: { type: 'boolean', default: false },
  'update-baseline': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const full = { pairs: '5', burst: '100000', accounts: '2000' }
const quick: typeof full = { pairs: '1', burst: '7500', accounts: '300' }

const isScenario = (name: string): name is ScenarioName => scenarioNames.some((known) => known === name)

const scenario = (name: string): ScenarioName => {
  if (isScenario(name)) return name
  throw new SluiceError(
    'USAGE',
    `--scenarios: expected some of ${scenarioNames.join(',')}, got ${JSON.stringify(name)}`,
  )
}

/** null: help was asked for. @throws SluiceError USAGE */
export const parseOptions = (args: readonly string[]): HotOptions | null => {
  const { values } = parseArgs({ args: [...args], options: { ...texts, ...flags } })
  if (values.help) return null
  const defaults = values.quick ? quick : full
  return {
    scenarios: values.scenarios.split(',').map(scenario),
    pairs: whole('pairs', values.pairs ?? defaults.pairs),
    perSecond: whole('rate', values.rate),
    burst: whole('burst', values.burst ?? defaults.burst),
    burstPerSecond: whole('burst-rate', values['burst-rate']),
    accounts: whole('accounts', values.accounts ?? defaults.accounts),
    json: values.json,
    updateBaseline: values['update-baseline'],
  }
}
