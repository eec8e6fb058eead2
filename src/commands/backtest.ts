import { parseArgs } from 'node:util'
import { createEngine } from '../compose/engine.ts'
import { trustOf } from '../compose/trust.ts'
import { readSettings } from '../config.ts'
import { createToBase } from '../features/baseCurrency.ts'
import { nothingListed } from '../features/intelFeatures.ts'
import { readRates } from '../features/rates.file.ts'
import { createVulnerabilities } from '../features/vulnerabilities.ts'
import { loadBundle } from '../model/bundle.file.ts'
import { backtest } from '../offline/backtest/backtest.ts'
import { createDetectionTally, type Detection } from '../offline/backtest/detection.ts'
import { createMemoryReplay } from '../offline/replay/memory.ts'
import { events } from '../offline/simulator/events.ts'
import { createWorld } from '../offline/simulator/world.ts'
import { loadSchemas } from '../stream/codec/schemas.file.ts'
import { numberOf } from './options.ts'
import { createProgress } from './progress.ts'

export const summary = 'decide a simulated past and compare with what was fraud'

const help = `Usage: sluice backtest [options]

Decides the payments of a simulated world with the active model and policy, as a live instance would, and says what was
stopped. The shipped model was trained on seed 1 and the policy's limits were set on 4242: take others.

Options:
  --seed N        the world (777)
  --accounts A    accounts in it (2000)
  --days D        days that are decided (15)
  --warm-up D     days before them, which only fill the histories (30)
  --json          print the result as JSON
`

const options = {
  seed: { type: 'string', default: '777' },
  accounts: { type: 'string', default: '2000' },
  days: { type: 'string', default: '15' },
  'warm-up': { type: 'string', default: '30' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const dayMs = 86_400_000
const startAt = Date.UTC(2025, 5, 1)

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`

const tell = (result: Detection): string =>
  [
    `${result.payments} payments, ${result.frauds} of them frauds`,
    `stopped (STEP_UP or BLOCK): ${result.fraudsStopped} frauds (${percent(result.fraudShareStopped)}), ` +
      `${result.goodStopped} good payments (${percent(result.goodShareStopped)})`,
    `outcomes: ${Object.entries(result.outcomes)
      .map(([outcome, count]) => `${outcome} ${count}`)
      .join(', ')}`,
    ...Object.entries(result.byScenario)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { frauds, stopped }]) => `  ${name.padEnd(22)}${stopped} of ${frauds}`),
    '                 average precision   frauds found at 1 % of good payments',
    ...(['model', 'amountAlone'] as const).map(
      (name) =>
        `${(name === 'model' ? 'model alone' : 'amount alone').padEnd(17)}` +
        `${result[name].averagePrecision.toFixed(3).padStart(17)}   ${percent(result[name].recallAtOnePercent)}`,
    ),
    '',
  ].join('\n')

export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const settings = readSettings()
  const reportFrom = startAt + numberOf(values['warm-up'], '--warm-up') * dayMs
  const untilAt = reportFrom + numberOf(values.days, '--days') * dayMs
  const world = createWorld({
    seed: numberOf(values.seed, '--seed'),
    accounts: numberOf(values.accounts, '--accounts'),
    startAt,
  })
  const engine = await createEngine(await loadBundle(settings.modelsDir, trustOf(settings)), {
    retentionMs: settings.historyRetentionDays * dayMs,
    // The simulated devices run no real systems: nothing threatens them.
    systems: { vulnerabilities: createVulnerabilities(), endOfLife: null },
    // In the simulated world nobody shares intelligence.
    intelligence: nothingListed,
    observeModelScore: () => undefined,
    monotonic: () => performance.now(),
  })
  const memory = createMemoryReplay({
    features: engine.features,
    intelligence: nothingListed,
    schemas: await loadSchemas(settings.schemasDir),
    toBase: createToBase({
      currency: settings.baseCurrency,
      rates: await readRates(settings.ratesFile, settings.baseCurrency),
    }),
  })
  const tally = createDetectionTally()
  const progress = createProgress('payments decided')
  for await (const backtested of backtest({ ...memory, engine, reportFrom }, events(world, { untilAt }))) {
    tally.add(backtested)
    progress.at(tally.count())
  }
  progress.end()
  const result = tally.result()
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : tell(result))
  return 0
}
