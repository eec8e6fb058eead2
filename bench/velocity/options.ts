import { parseArgs } from 'node:util'
import { whole } from '../whole.ts'
import { SluiceError } from '../../src/errors.ts'
import { contestantNames, type ContestantName } from './contestants.ts'

export type VelocityOptions = {
  readonly contestants: readonly ContestantName[]
  /** Records of an entity before anything is measured. */
  readonly sizes: readonly number[]
  /** Payments in a batch. */
  readonly batches: readonly number[]
  readonly rounds: number
  /** Of a round; it ends earlier when `roundMs` are over. */
  readonly payments: number
  readonly roundMs: number
  /** Of each kind of entity together: how many payers there are at each size. */
  readonly records: number
  /** A contestant that has taken so long for one line of the table takes no further rounds. */
  readonly limitSeconds: number
  readonly copiesMib: number
  readonly json: boolean
  /** What is measured becomes the baseline. */
  readonly updateBaseline: boolean
}

export const help = `Usage: npm run bench:velocity -- [options]

Counts and sums of five entities in five windows, by Sluice's histories and by two other ways, in turn on one Redis.

  --quick               small entities and short rounds: shows that it works, measures little
  --sizes A,B,...       records of an entity (10,100,10000,1000000); Sluice folds logs above 512, as in production
  --batches A,B,...     payments in a batch (1,8,64)
  --contestants A,B     of ours,sortedSets,hashBuckets (all)
  --rounds N            of each, the medians are told (5)
  --payments N          of a round (2000), which ends earlier after --round-ms N (3000)
  --records N           of each kind of entity together, which says how many payers there are (200000)
  --limit N             seconds: who has taken so long for one line takes no further rounds (60)
  --copies-mib N        memory for Sluice's copies of histories (256)
  --update-baseline     what is measured becomes bench/velocity/baseline.json
  --json                print the results as JSON
`

const texts = {
  sizes: { type: 'string' },
  batches: { type: 'string' },
  contestants: { type: 'string' },
  rounds: { type: 'string' },
  payments: { type: 'string' },
  'round-ms': { type: 'string' },
  records: { type: 'string' },
  limit: { type: 'string', default: '60' },
  'copies-mib': { type: 'string', default: '256' },
} as const

const flags = {
  quick: { type: 'boolean', default: false },
  'update-baseline': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const full = {
  sizes: '10,100,10000,1000000',
  batches: '1,8,64',
  rounds: '5',
  payments: '2000',
  'round-ms': '3000',
  records: '200000',
}
const quick: typeof full = {
  sizes: '10,1000',
  batches: '1,64',
  rounds: '2',
  payments: '256',
  'round-ms': '500',
  records: '5000',
}

const isContestant = (name: string): name is ContestantName => contestantNames.some((known) => known === name)

const contestant = (name: string): ContestantName => {
  if (isContestant(name)) return name
  throw new SluiceError(
    'USAGE',
    `--contestants: expected some of ${contestantNames.join(',')}, got ${JSON.stringify(name)}`,
  )
}

/** null: help was asked for. @throws SluiceError USAGE */
export const parseOptions = (args: readonly string[]): VelocityOptions | null => {
  const { values } = parseArgs({ args: [...args], options: { ...texts, ...flags } })
  if (values.help) return null
  const defaults = values.quick ? quick : full
  const number = (option: 'rounds' | 'payments' | 'round-ms' | 'records'): number =>
    whole(option, values[option] ?? defaults[option])
  const numbers = (option: 'sizes' | 'batches'): readonly number[] =>
    (values[option] ?? defaults[option]).split(',').map((text) => whole(option, text))
  return {
    contestants: (values.contestants ?? contestantNames.join(',')).split(',').map(contestant),
    sizes: numbers('sizes'),
    batches: numbers('batches'),
    rounds: number('rounds'),
    payments: number('payments'),
    roundMs: number('round-ms'),
    records: number('records'),
    limitSeconds: whole('limit', values.limit),
    copiesMib: whole('copies-mib', values['copies-mib']),
    json: values.json,
    updateBaseline: values['update-baseline'],
  }
}
