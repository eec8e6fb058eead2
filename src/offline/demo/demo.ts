import { SluiceError } from '../../errors.ts'
import { createKafkaLog } from '../../ops/kafkaLog.ts'
import { createLog } from '../../ops/log.ts'
import { createKafka } from '../../stream/client.kafka.ts'
import { createPaymentCodec } from '../../stream/codec/payment.ts'
import { loadSchemas } from '../../stream/codec/schemas.file.ts'
import { topicNames } from '../../stream/topicSpec.ts'
import { openSeedStores } from '../seedStores.redis.ts'
import { createWorld, type World } from '../simulator/world.ts'
import { findAudits } from './audits.kafka.ts'
import type { Endings } from './endings.ts'
import { createExplain } from './explain.ts'
import { createIdentity, type Identity } from './identity.ts'
import { writeLiveEvents } from './liveEvents.file.ts'
import { bucketsOf, quantileOf } from './ownPart.ts'
import { livePast, type Past } from './past.ts'
import { readMetrics, untilReady } from './processor.http.ts'
import { startProcessor, type Environment, type Self } from './processor.process.ts'
import { createRunFolder } from './runFolder.file.ts'
import type { Screen } from './screen.ts'
import { startServers, type Servers } from './servers.process.ts'
import { count, seconds } from './show/numbers.ts'
import { progressLine, tableLines, type Course } from './show/progress.ts'
import { resultLines, resultOf, type DemoResult, type OwnPart } from './show/result.ts'
import { startSwitch } from './switch.process.ts'
import type { SwitchMessage } from './switchMessages.ts'
import { createDemoTopics, removeDemoTopics } from './topics.kafka.ts'
import type { Watch } from './watch.ts'
import { worldStart } from './window.ts'

export type DemoOptions = {
  readonly seconds: number
  readonly ratePerSecond: number
  readonly accounts: number
  readonly seed: number
}

export type DemoDeps = {
  readonly options: DemoOptions
  readonly settings: {
    readonly schemasDir: string
    readonly modelsDir: string
    readonly historyRetentionDays: number
  }
  readonly self: Self
  /** Our own environment with some variables changed. */
  readonly environmentWith: (overrides: Environment) => Environment
  readonly screen: Screen
  readonly endings: Endings
  readonly watch: Watch
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly monotonic: () => number
  readonly wait: (ms: number) => Promise<void>
}

const pastDays = 30
const partitions = 4
const readyWithinMs = 120_000
const lineEveryMs = 3_000
const auditsWithinMs = 10_000
const paymentsPerLook = 1_024

const worldOf = ({ options, now }: DemoDeps): { readonly world: World; readonly payments: number } => {
  const payments = Math.max(1, Math.round(options.seconds * options.ratePerSecond))
  const { accounts, seed } = options
  const { paymentsPerDay } = createWorld({ seed, accounts, startAt: 0 }).options
  const startAt = worldStart({
    now: now(),
    pastDays,
    payments,
    paymentsPerDay: paymentsPerDay * accounts,
  })
  if (startAt === null)
    throw new SluiceError(
      'USAGE',
      `${accounts} accounts make ${count(payments)} payments in more than a year: ask for more --accounts or fewer payments`,
    )
  return { world: createWorld({ seed, accounts, startAt }), payments }
}

/** How long a step took, beside what it did. */
const told = async <T>(
  { screen, monotonic }: DemoDeps,
  work: Promise<T>,
  say: (done: T) => string,
): Promise<T> => {
  const startedAt = monotonic()
  const done = await work
  screen.line(`${seconds(monotonic() - startedAt).padStart(7)}  ${say(done)}`)
  return done
}

const kafkaOf = (servers: Servers) =>
  createKafka({
    brokers: servers.brokers.split(','),
    clientId: 'sluice-demo',
    log: createKafkaLog(createLog({ level: 'silent', instance: 'demo', version: '' })),
    warn: () => undefined,
  })

/** Histories of a world in which nothing happened before its first day, as complete as they can be. */
const rememberPast = async (
  deps: DemoDeps,
  servers: Servers,
  identity: Identity,
  eventsFile: string,
): Promise<Past> => {
  const { screen, endings, watch, monotonic, settings } = deps
  const { world, payments } = worldOf(deps)
  const stores = await watch.during(
    openSeedStores({ url: servers.redisUrl, hashKey: identity.hashKey, baseCurrency: 'EUR' }),
  )
  endings.add('closing Redis', stores.close)
  if (servers.given.redis) {
    if (!(await stores.isEmpty()))
      throw new SluiceError(
        'USAGE',
        'the demo needs an empty Redis database: choose another with SLUICE_REDIS_URL (…/N)',
      )
    endings.add('clearing Redis', stores.clear)
  }
  await watch.during(stores.declareCovered(0))
  const codec = createPaymentCodec(await loadSchemas(settings.schemasDir))
  const startedAt = monotonic()
  const past = await watch.during(
    livePast(
      { world, untilAt: deps.now(), payments },
      {
        seed: stores.seed,
        deviceStates: stores.deviceStates,
        contentHash: (payment) => stores.hasher.hashContent(codec.body(payment)),
        onPayments: (seeded) => {
          if (seeded % paymentsPerLook !== 0) return
          const perSecond = Math.round((seeded * 1_000) / (monotonic() - startedAt))
          screen.draw([`         ${count(seeded)} payments of the past remembered, ${count(perSecond)}/s`])
        },
      },
    ),
  )
  screen.draw([])
  await writeLiveEvents(eventsFile, past.toCome)
  return past
}

/** Shows how it goes: a table on a terminal, a line now and then elsewhere. */
const createFollow = ({ screen, options }: DemoDeps): ((message: SwitchMessage) => void) => {
  let timeLapse: number | null = null
  let lineAtMs = 0
  return (message) => {
    if (message.kind === 'started') timeLapse = message.timeLapse
    if (message.kind !== 'progress' && message.kind !== 'ended') return
    const { elapsedMs, snapshot } = message
    const course: Course = { ...options, timeLapse, elapsedMs, snapshot }
    screen.draw(tableLines(course))
    if (message.kind === 'ended') screen.settle()
    if (screen.isTerminal || (message.kind === 'progress' && elapsedMs - lineAtMs < lineEveryMs)) return
    lineAtMs = elapsedMs
    screen.line(progressLine(course))
  }
}

const ownPartOf = async (address: string): Promise<OwnPart> => {
  const buckets = bucketsOf(await readMetrics(address), 'sluice_own_part_seconds')
  return { p50: quantileOf(buckets, 0.5), p99: quantileOf(buckets, 0.99), p999: quantileOf(buckets, 0.999) }
}

export type Demonstrated = {
  readonly result: DemoResult
  /** Where everything can be found, as long as it is kept. */
  readonly addresses: readonly string[]
}

/**
 * A payment switch, the processor, Kafka and Redis, each a process of its own, and a past that the processor
 * remembers. Whatever it starts is noted in `endings`. @throws SluiceError STOPPED when one of them fails
 */
export const demonstrate = async (deps: DemoDeps): Promise<Demonstrated> => {
  const { options, settings, self, screen, endings, watch } = deps
  const identity = createIdentity()
  const folder = createRunFolder()
  endings.add('closing logs', folder.closeLogs)

  const servers = await told(
    deps,
    watch.during(
      startServers(folder, deps.environmentWith({}), (child) => {
        endings.add('ending the servers', child.stop)
        watch.add(child.failed)
      }),
    ),
    ({ brokers, redisUrl }) => `Kafka at ${brokers} and Redis at ${withoutPassword(redisUrl)} answer`,
  )
  const environment = deps.environmentWith({
    ...identity.environment,
    SLUICE_KAFKA_BROKERS: servers.brokers,
    SLUICE_REDIS_URL: servers.redisUrl,
  })
  const kafka = kafkaOf(servers)
  const topicsOptions = {
    prefix: identity.topicPrefix,
    partitions,
    historyRetentionDays: settings.historyRetentionDays,
  }
  if (servers.given.kafka)
    endings.add('removing topics', () => removeDemoTopics(kafka, topicsOptions, identity.groupId))
  await told(deps, watch.during(createDemoTopics(kafka, topicsOptions)), () => 'topics are there')

  // Both start while the past is being remembered.
  const processor = await startProcessor(self, folder, environment)
  endings.add('ending the processor', processor.child.stop)
  watch.add(processor.child.failed)
  const eventsFile = folder.file('events.ndjson')
  const paymentSwitch = startSwitch(self, folder, environment, {
    eventsFile,
    ratePerSecond: options.ratePerSecond,
    onMessage: createFollow(deps),
  })
  endings.add('ending the switch', paymentSwitch.child.stop)
  watch.add(paymentSwitch.child.failed)

  await told(
    deps,
    rememberPast(deps, servers, identity, eventsFile),
    ({ payments, reports }) =>
      `${pastDays} days of ${count(options.accounts)} accounts are remembered: ${count(payments)} payments, ${count(reports)} device reports`,
  )
  await told(
    deps,
    watch.during(
      Promise.all([
        untilReady(processor.address, { timeoutMs: readyWithinMs, ...deps }),
        paymentSwitch.ready,
      ]),
    ),
    () => `the processor is ready: ${processor.address}; payments begin`,
  )

  paymentSwitch.begin()
  const { snapshot, shown } = await watch.during(paymentSwitch.ended)
  const ownPart = await watch.during(ownPartOf(processor.address))
  const audits = await watch.during(
    findAudits(
      shown.map(({ decision }) => decision),
      {
        kafka,
        groupId: `${identity.groupId}-audit`,
        topic: topicNames(identity.topicPrefix).audit,
        schemas: await loadSchemas(settings.schemasDir),
        timeoutMs: auditsWithinMs,
      },
    ),
  )
  const explain = await createExplain(settings.modelsDir)
  for (const each of shown)
    for (const line of ['', ...explain(each, audits.get(each.decision))]) screen.line(line)
  const result = resultOf(snapshot, ownPart)
  screen.line('')
  for (const line of resultLines(result, snapshot, ownPart)) screen.line(line)
  endings.add('removing the logs', folder.remove)
  return {
    result,
    addresses: [
      `Kafka      ${servers.brokers}, topics ${identity.topicPrefix}*`,
      `Redis      ${withoutPassword(servers.redisUrl)}`,
      `processor  ${processor.address}/metrics, process ${processor.child.pid}`,
      `logs       ${folder.path}`,
    ],
  }
}

const withoutPassword = (url: string): string => {
  const parsed = new URL(url)
  if (parsed.password !== '') parsed.password = '***'
  return parsed.href.replace(/\/$/, '')
}
