import { parseArgs } from 'node:util'
import { join } from 'node:path'
import { redisAccessOf } from '../compose/access.ts'
import { readSettings } from '../config.ts'
import { SluiceError } from '../errors.ts'
import { createToBase } from '../features/baseCurrency.ts'
import { featureSets } from '../features/featureSets.ts'
import { foldingDefaults } from '../features/folding.redis.ts'
import { createHasher } from '../features/hashing.ts'
import { createKeys } from '../features/keys.ts'
import { compileFeatures } from '../features/plan.ts'
import { nearest } from '../nearest.ts'
import { measureCost, type CostReport } from '../offline/cost/cost.ts'
import type { CostStore } from '../offline/cost/costStore.ts'
import { createMemoryCostStore } from '../offline/cost/memoryStore.ts'
import { openRedisCostStore } from '../offline/cost/redisStore.redis.ts'
import { recordsSource, simulatedSource, type CostSource } from '../offline/cost/sources.ts'
import { readFeatureList } from '../offline/replay/featureList.file.ts'
import { replayHashKey } from '../offline/replay/memory.ts'
import { costText } from './costText.ts'
import { createProgress } from './progress.ts'

export const help = `Usage: sluice features cost [options]

What a set of features costs, measured here and now: microseconds a payment, and bytes of each entity whose history it
reads. Histories are folded where they are long, as \`sluice run\` does. Times are worth as much as the machine is quiet.

Which features (all ready-made sets together):
  --features LIST        names with commas between, among them @set:NAME; or @FILE
  --set NAME             one of sluice features sets
  --model DIR            those of a model

On which histories (40 days of 500 simulated accounts):
  --records N            N payments of each entity within 30 days, at most 1,000,000

Options:
  --store memory|redis   where histories are kept (memory); redis: in an empty database at SLUICE_REDIS_URL, which is
                         emptied again
  --payments N           payments at the end that are measured (512)
  --rounds N             how often each; the medians are told (5)
  --json                 print the result as JSON
`

const options = {
  features: { type: 'string' },
  set: { type: 'string' },
  model: { type: 'string' },
  records: { type: 'string' },
  store: { type: 'string', default: 'memory' },
  payments: { type: 'string', default: '512' },
  rounds: { type: 'string', default: '5' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const simulatedAccounts = 500
const simulatedDays = 40

const whole = (text: string, option: string, most: number): number => {
  if (/^[1-9]\d{0,8}$/.test(text) && Number(text) <= most) return Number(text)
  throw new SluiceError(
    'USAGE',
    `${option}: expected a whole number from 1 to ${most.toLocaleString('en')}, got ${JSON.stringify(text)}`,
  )
}

const setNamed = (name: string): readonly string[] => {
  const found = featureSets.find((set) => set.name === name)
  if (found !== undefined) return found.features
  const names = featureSets.map((set) => set.name)
  const near = nearest(name, names)
  throw new SluiceError(
    'USAGE',
    `--set: there is no set ${JSON.stringify(name)}${near === null ? '' : `; did you mean ${near}?`} Sets: ${names.join(', ')}`,
  )
}

type Asked = {
  readonly features?: string | undefined
  readonly set?: string | undefined
  readonly model?: string | undefined
}

/** @throws SluiceError USAGE, FILE_INVALID */
const namesOf = async ({ features, set, model }: Asked): Promise<readonly string[]> => {
  if ([features, set, model].filter((each) => each !== undefined).length > 1)
    throw new SluiceError('USAGE', 'expected one of --features, --set and --model')
  if (model !== undefined) return readFeatureList(`@${join(model, 'manifest.json')}`)
  return features === undefined ? setNamed(set ?? 'all') : readFeatureList(features)
}

const openStore = async (store: string, settings: ReturnType<typeof readSettings>): Promise<CostStore> => {
  const keys = createKeys(createHasher(replayHashKey))
  const toBase = createToBase({ currency: settings.baseCurrency, rates: [] })
  const folding = { ...foldingDefaults, retentionMs: settings.historyRetentionDays * 86_400_000 }
  if (store === 'memory') return createMemoryCostStore(keys, toBase, folding)
  if (store === 'redis')
    return openRedisCostStore({
      url: settings.redisUrl,
      access: redisAccessOf(settings),
      keys,
      toBase,
      folding,
    })
  throw new SluiceError('USAGE', `--store: expected memory or redis, got ${JSON.stringify(store)}`)
}

const sourceOf = (records: string | undefined, measured: number): CostSource =>
  records === undefined
    ? simulatedSource(simulatedAccounts, simulatedDays)
    : recordsSource(whole(records, '--records', 1_000_000), measured)

const measure = async (
  names: readonly string[],
  source: CostSource,
  { store, payments, rounds }: { readonly store: string; readonly payments: number; readonly rounds: number },
): Promise<CostReport> => {
  const settings = readSettings({})
  const featureSettings = { retentionMs: settings.historyRetentionDays * 86_400_000 }
  // A wrong name is told before anything is kept anywhere.
  compileFeatures(names, featureSettings)
  const opened = await openStore(store, settings)
  const progress = createProgress('payments remembered')
  try {
    return await measureCost(names, {
      store: opened,
      source,
      settings: featureSettings,
      measured: payments,
      rounds,
      now: () => performance.now(),
      onPayments: progress.at,
    })
  } finally {
    progress.end()
    await opened.close()
  }
}

export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const names = await namesOf(values)
  const payments = whole(values.payments, '--payments', 10_000)
  const source = sourceOf(values.records, payments)
  const rounds = whole(values.rounds, '--rounds', 1_000)
  const report = await measure(names, source, { store: values.store, payments, rounds })
  process.stdout.write(
    values.json ? `${JSON.stringify({ store: values.store, ...report })}\n` : costText(report, values.store),
  )
  return 0
}
