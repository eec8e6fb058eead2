import { parseArgs } from 'node:util'
import type { ReadReports } from '../attestation/readReports.ts'
import { redisAccessOf } from '../compose/access.ts'
import { openReadReports } from '../compose/attestations.ts'
import { readContactHash } from '../compose/contactHash.file.ts'
import { readSettings, type Settings } from '../config.ts'
import type { FeatureRow } from '../domain/decision.ts'
import { SluiceError } from '../errors.ts'
import { createToBase } from '../features/baseCurrency.ts'
import { readEndOfLife } from '../features/osEndOfLife.file.ts'
import { readRates } from '../features/rates.file.ts'
import { createMemoryUsedOnce } from '../features/usedOnce.memory.ts'
import { createCsvWriter } from '../offline/files/records.file.ts'
import { mergeArrivals } from '../offline/replay/arrivals.ts'
import { readFeatureList } from '../offline/replay/featureList.file.ts'
import {
  besidePayments,
  checkInputs,
  paymentArrivals,
  paymentKey,
  readOutcomes,
  type ReplayFiles,
} from '../offline/replay/inputs.file.ts'
import { readReplayIntelligence } from '../offline/intel/replayIntel.file.ts'
import { createMemoryReplay } from '../offline/replay/memory.ts'
import { replay, type ReplayDeps } from '../offline/replay/replay.ts'
import { openRedisReplayStores } from '../offline/replay/store.redis.ts'
import { loadSchemas, ownSchemasFolder } from '../stream/codec/schemas.file.ts'
import { required, timeOf } from './options.ts'
import { createProgress } from './progress.ts'
import { runReplayAudit } from './replayAudit.ts'

export const summary = 'compute the features of past payments, or make recorded decisions again'

const help = `Usage: sluice replay --payments FILE --features a,b,c --out FILE [options]
       sluice replay --audit FILE|topic [options], which makes recorded decisions again (its own --help)

The features as \`sluice run\` computes them, by the same code, as of each payment, in the file's order. Files are
CSV or NDJSON (.ndjson, .jsonl), plain or .gz. The result has paymentId and one column a feature; an unknown value
is empty. A column recordTimestamp stands for Kafka's timestamp of the record.

  --payments FILE        payments
  --features LIST        names with commas between, among them @set:NAME (sluice features sets);
                         or @FILE: one a line, a training spec or a model's manifest.json
  --out FILE             CSV

Options:
  --device-health FILE   reports of devices; device.health.* needs them
  --account-events FILE  log-ins, new payees and such; *.login_failed.*, *.since_login and the like need them
  --feedback FILE        what payments turned out to be, and whether they went through after a step-up or were
                         declined; *.fraud_count.*, *.fraud_rate.*, *.since_fraud, *.declined_count.* and
                         *.stepup_failed.* need it
  --decisions FILE       paymentId, outcome: which payments were allowed; without it, all count as allowed;
                         *.blocked_count.* needs it
  --threat-intel FILE    STIX objects, an export of MISP or a list (sluice intel check), the last version of each
                         indicator as it stands there; intel.* needs it
  --vulnerabilities FILE records of vulnerabilities (sluice vulnerabilities import --out), each known from the latest time
                         that it states; device.vulnerability.* needs it beside --device-health
  --os-end-of-life DIR   pages of endoflife.date; device.os.* needs them beside --device-health
  --rates FILE           exchange rates, CSV: currency, validFrom, baseUnits; instead of SLUICE_RATES_FILE
  --covered-since TIME   nothing is known of the time before; default: there was nothing before the first payment
  --store memory|redis   where histories are kept (memory); redis: in an empty database at SLUICE_REDIS_URL
  --json                 print the result as JSON
`

const options = {
  payments: { type: 'string' },
  features: { type: 'string' },
  out: { type: 'string' },
  'device-health': { type: 'string' },
  'account-events': { type: 'string' },
  feedback: { type: 'string' },
  decisions: { type: 'string' },
  vulnerabilities: { type: 'string' },
  'threat-intel': { type: 'string' },
  'os-end-of-life': { type: 'string' },
  rates: { type: 'string' },
  'covered-since': { type: 'string' },
  store: { type: 'string', default: 'memory' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Opened = { readonly deps: ReplayDeps; readonly close: () => Promise<void> }

const open = async (
  features: readonly string[],
  store: string,
  settings: Settings,
  coveredSince: number | undefined,
  { osEndOfLife, threatIntel }: ReplayFiles,
): Promise<Opened> => {
  if (store !== 'memory' && store !== 'redis')
    throw new SluiceError('USAGE', `--store: expected memory or redis, got ${JSON.stringify(store)}`)
  const rates = await readRates(settings.ratesFile, settings.baseCurrency)
  const toBase = createToBase({ currency: settings.baseCurrency, rates })
  const inMemory = createMemoryReplay({
    features,
    schemas: await loadSchemas(ownSchemasFolder),
    retentionMs: settings.historyRetentionDays * 86_400_000,
    toBase,
    coveredSince,
    endOfLife: await readEndOfLife(osEndOfLife ?? ''),
    intelligence:
      threatIntel === undefined
        ? null
        : await readReplayIntelligence(threatIntel, await readContactHash(settings.contactHashKeyFile)),
  })
  if (store === 'memory') return { deps: inMemory, close: inMemory.histories.close }
  const { histories, devices, close } = await openRedisReplayStores({
    url: settings.redisUrl,
    access: redisAccessOf(settings),
    toBase,
    clock: inMemory.clock,
    coveredSince,
  })
  return { deps: { ...inMemory, histories, devices }, close }
}

/** What past decisions say about each payment's outcome. */
const outcomesFrom = async (decisions: string | undefined): Promise<Pick<ReplayDeps, 'outcomeOf'>> => {
  if (decisions === undefined) return {}
  const outcomes = await readOutcomes(decisions)
  return { outcomeOf: (payment) => outcomes.get(paymentKey(payment)) ?? null }
}

type Written = { readonly payments: number; readonly degraded: Readonly<Record<string, number>> }

const fieldsOf = (paymentId: string, row: FeatureRow): readonly (string | number)[] => {
  const fields: (string | number)[] = [paymentId]
  for (const value of row) fields.push(Number.isNaN(value) ? '' : value)
  return fields
}

const writeRows = async (
  deps: ReplayDeps,
  files: ReplayFiles,
  readReports: ReadReports,
  out: string,
): Promise<Written> => {
  const { names } = deps.plan
  const writer = createCsvWriter(out, ['paymentId', ...names])
  const progress = createProgress('payments replayed')
  const degradedCounts = new Map<string, number>()
  let payments = 0
  const arrivals = paymentArrivals(files.payments, names.includes('payment.clock_skew'))
  for await (const some of replay(deps, mergeArrivals(arrivals, besidePayments(files, readReports)))) {
    for (const { degraded } of some)
      for (const input of degraded) degradedCounts.set(input, (degradedCounts.get(input) ?? 0) + 1)
    await writer.writeAll(some.map(({ payment, row }) => fieldsOf(payment.paymentId, row)))
    payments += some.length
    progress.at(payments)
  }
  progress.end()
  await writer.close()
  return { payments, degraded: Object.fromEntries(degradedCounts) }
}

const tell = ({ payments, degraded }: Written, features: number, out: string, allAllowed: boolean): string =>
  [
    `${payments} payments, ${features} features: ${out}`,
    ...(allAllowed ? ['no --decisions: every payment counts as allowed'] : []),
    ...Object.entries(degraded).map(([input, count]) => `${count} payments lack ${input}`),
    '',
  ].join('\n')

/** With --audit decisions are made again, else features. */
const isAudit = (arg: string): boolean => arg === '--audit' || arg.startsWith('--audit=')

export const run = async (args: readonly string[]): Promise<number> => {
  if (args.some(isAudit)) return runReplayAudit(args)
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const files: ReplayFiles = {
    payments: required(values.payments, '--payments'),
    deviceHealth: values['device-health'],
    accountEvents: values['account-events'],
    feedback: values.feedback,
    decisions: values.decisions,
    vulnerabilities: values.vulnerabilities,
    threatIntel: values['threat-intel'],
    osEndOfLife: values['os-end-of-life'],
  }
  const features = await readFeatureList(required(values.features, '--features'))
  const out = required(values.out, '--out')
  const since = values['covered-since']
  const coveredSince = since === undefined ? undefined : timeOf(since, '--covered-since')
  const settings = readSettings(values.rates === undefined ? {} : { SLUICE_RATES_FILE: values.rates })
  checkInputs(features, files)

  const { deps, close } = await open(features, values.store, settings, coveredSince, files)
  try {
    const readReports = await openReadReports({
      config: settings,
      usedOnce: createMemoryUsedOnce(),
      monotonic: () => performance.now(),
      warn: (message) => process.stderr.write(`${message}\n`),
    })
    const answered = { ...deps, ...(await outcomesFrom(files.decisions)) }
    const written = await writeRows(answered, files, readReports, out)
    const allAllowed = files.decisions === undefined
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ ...written, features, out, allCountAsAllowed: allAllowed })}\n`
        : tell(written, features.length, out, allAllowed),
    )
  } finally {
    await close()
  }
  return 0
}
