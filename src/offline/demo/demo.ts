import { createKafkaLog } from '../../ops/kafkaLog.ts'
import { createLog } from '../../ops/log.ts'
import type { KafkaAccess } from '../../stream/access.ts'
import { createKafka } from '../../stream/client.kafka.ts'
import { loadSchemas } from '../../stream/codec/schemas.file.ts'
import { topicNames } from '../../stream/topicSpec.ts'
import { findAudits } from './audits.kafka.ts'
import { createExplain } from './explain.ts'
import { createFollow } from './follow.ts'
import { createIdentity, type Identity } from './identity.ts'
import { writeLiveEvents } from './liveEvents.file.ts'
import { ownPartOf } from './ownPart.ts'
import { readMetrics, untilReady } from './processor.http.ts'
import { startProcessor } from './processor.process.ts'
import { openPast, worldOf } from './remember.ts'
import { createRunFolder, type RunFolder } from './runFolder.file.ts'
import { startServers, type Servers } from './servers.process.ts'
import { pastDays, type Setting } from './setting.ts'
import { count, seconds } from './show/numbers.ts'
import { isSuccess, resultLines, resultOf, type DemoResult } from './show/result.ts'
import type { Shown } from './showcase.ts'
import { startSwitch } from './switch.process.ts'
import { createDemoTopics, removeDemoTopics } from './topics.kafka.ts'

const partitions = 4
const readyWithinMs = 120_000
const auditsWithinMs = 10_000

/** How long a step took, beside what it did. */
const told = async <T>(
  { screen, monotonic }: Setting,
  work: Promise<T>,
  say: (done: T) => string,
): Promise<T> => {
  const startedAt = monotonic()
  const done = await work
  screen.line(`${seconds(monotonic() - startedAt).padStart(7)}  ${say(done)}`)
  return done
}

const kafkaOf = (servers: Servers, access: KafkaAccess) =>
  createKafka({
    brokers: servers.brokers.split(','),
    clientId: 'sluice-demo',
    access,
    log: createKafkaLog(createLog({ level: 'silent', instance: 'demo', version: '' })),
    warn: () => undefined,
  })

/** The run's own folder; it stays, and is told, unless all went well or somebody ended it. */
const openFolder = ({ endings, screen, isInterrupted }: Setting) => {
  const folder = createRunFolder()
  let wentWell = false
  endings.add('removing the logs', () => {
    folder.closeLogs()
    if (wentWell || isInterrupted()) folder.remove()
    else screen.line(`logs are left in ${folder.path}`)
  })
  return { folder, allWell: () => void (wentWell = true) }
}

const openServers = async (setting: Setting, folder: RunFolder): Promise<Servers> => {
  const { endings, watch } = setting
  const starting = startServers(folder, setting.environmentWith({}), (child) => {
    endings.add('ending the servers', child.stop)
    watch.add(child.failed)
  })
  return told(
    setting,
    watch.during(starting),
    ({ brokers, redisUrl }) => `Kafka at ${brokers} and Redis at ${withoutPassword(redisUrl)} answer`,
  )
}

const openTopics = async (setting: Setting, servers: Servers, { topicPrefix, groupId }: Identity) => {
  const { endings, watch, settings } = setting
  const kafka = kafkaOf(servers, settings.access.kafka)
  const options = {
    prefix: topicPrefix,
    partitions,
    historyRetentionDays: settings.historyRetentionDays,
  }
  if (servers.given.kafka) endings.add('removing topics', () => removeDemoTopics(kafka, options, groupId))
  await told(setting, watch.during(createDemoTopics(kafka, options)), () => 'topics are there')
  return kafka
}

type Explaining = { readonly kafka: ReturnType<typeof kafkaOf>; readonly identity: Identity }

/** Each of the chosen decisions in full, with the numbers of its audit record. */
const explainAll = async (
  { settings, screen, watch }: Setting,
  shown: readonly Shown[],
  { kafka, identity }: Explaining,
): Promise<void> => {
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
  const explain = await createExplain(settings.modelsDir, settings.trust)
  for (const each of shown)
    for (const line of ['', ...explain(each, audits.get(each.decision))]) screen.line(line)
  screen.line('')
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
export const demonstrate = async (setting: Setting): Promise<Demonstrated> => {
  const { options, self, screen, endings, watch } = setting
  const world = worldOf(setting)
  const identity = createIdentity()
  const { folder, allWell } = openFolder(setting)
  const servers = await openServers(setting, folder)
  const environment = setting.environmentWith({
    ...identity.environment,
    SLUICE_KAFKA_BROKERS: servers.brokers,
    SLUICE_REDIS_URL: servers.redisUrl,
  })
  const kafka = await openTopics(setting, servers, identity)
  const past = await openPast(setting, world, servers, identity)

  // Both get ready while the past is being remembered.
  const processor = await startProcessor(self, folder, environment)
  endings.add('ending the processor', processor.child.stop)
  watch.add(processor.child.failed)
  const eventsFile = folder.file('events.ndjson')
  const paymentSwitch = startSwitch(self, folder, environment, {
    eventsFile,
    ratePerSecond: options.ratePerSecond,
    onMessage: createFollow(setting),
  })
  endings.add('ending the switch', paymentSwitch.child.stop)
  watch.add(paymentSwitch.child.failed)

  const { toCome } = await told(
    setting,
    past.remember(),
    ({ payments, reports }) =>
      `${pastDays} days of ${count(options.accounts)} accounts are remembered: ${count(payments)} payments, ${count(reports)} device reports`,
  )
  await writeLiveEvents(eventsFile, toCome)
  const ready = untilReady(processor.address, { timeoutMs: readyWithinMs, ...setting })
  await told(
    setting,
    watch.during(Promise.all([ready, paymentSwitch.ready])),
    () => `the processor is ready: ${processor.address}; payments begin`,
  )

  paymentSwitch.begin()
  const { snapshot, shown } = await watch.during(paymentSwitch.ended)
  const ownPart = ownPartOf(await watch.during(readMetrics(processor.address)))
  await explainAll(setting, shown, { kafka, identity })
  const result = resultOf(snapshot, ownPart)
  for (const line of resultLines(result, snapshot, ownPart)) screen.line(line)
  if (isSuccess(result)) allWell()
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

const withoutPassword = (url: string): string => url.replace(/:[^/]*@/, ':***@').replace(/\/$/, '')
