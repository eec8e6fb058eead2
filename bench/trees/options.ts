import { parseArgs } from 'node:util'
import { SluiceError } from '../../src/errors.ts'
import { type BackendName, backendNames } from '../../src/model/pin.ts'
import { whole } from '../whole.ts'

export type TreesOptions = {
  readonly engines: readonly BackendName[]
  readonly trees: number
  readonly treeDepth: number
  readonly features: number
  /** Also a SavedModel that Keras makes. */
  readonly keras: boolean
  readonly rounds: number
  readonly calls: number
  readonly json: boolean
  readonly updateBaseline: boolean
}

export const help = `Usage: npm run bench:trees -- [options]

How long a call to a model of format trees takes, preprocessing and calibration included, for 1, 8 and 64 rows: made-up
trees, every one full, over rows that go everywhere. With --keras also a SavedModel, which only tfjs-node runs.

  --quick             few calls: shows that it works, measures little
  --engines A,B       (${backendNames.join(',')}); one that cannot run here is left out with a word
  --trees N           (300), --depth N of each (6), --features N (30)
  --keras             train the network of examples/keras on as many made-up features, and measure it too
  --rounds N          medians are taken over so many rounds (5) of --calls N each (300); slow engines get fewer
  --update-baseline   what is measured becomes bench/trees/baseline.json
  --json              print the results as JSON
`

const texts = {
  engines: { type: 'string', default: backendNames.join(',') },
  trees: { type: 'string', default: '300' },
  depth: { type: 'string', default: '6' },
  features: { type: 'string', default: '30' },
  rounds: { type: 'string' },
  calls: { type: 'string' },
} as const

const flags = {
  keras: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  'update-baseline': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const full = { rounds: '5', calls: '300' }
const quick: typeof full = { rounds: '1', calls: '5' }

const engine = (text: string): BackendName => {
  const found = backendNames.find((name) => name === text)
  if (found !== undefined) return found
  throw new SluiceError(
    'USAGE',
    `--engines: expected some of ${backendNames.join(',')}, got ${JSON.stringify(text)}`,
  )
}

/** null: help was asked for. @throws SluiceError USAGE */
export const parseOptions = (args: readonly string[]): TreesOptions | null => {
  const { values } = parseArgs({ args: [...args], options: { ...texts, ...flags } })
  if (values.help) return null
  const defaults = values.quick ? quick : full
  return {
    engines: values.engines.split(',').map(engine),
    trees: whole('trees', values.trees),
    treeDepth: whole('depth', values.depth),
    keras: values.keras,
    features: whole('features', values.features),
    rounds: whole('rounds', values.rounds ?? defaults.rounds),
    calls: whole('calls', values.calls ?? defaults.calls),
    json: values.json,
    updateBaseline: values['update-baseline'],
  }
}
