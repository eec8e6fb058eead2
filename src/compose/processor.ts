import type { Config } from '../config.ts'
import { createToBase } from '../features/baseCurrency.ts'
import { createRememberingJournal } from '../features/journal.remembering.ts'
import { readRates } from '../features/rates.file.ts'
import { startHttp, type Readiness } from '../ops/http.http.ts'
import type { Log } from '../ops/log.ts'
import { createMetrics } from '../ops/metrics.ts'
import { readVersion } from '../ops/version.file.ts'
import { consumerOptionsOf } from '../stream/consumerOptions.ts'
import { createDecisionCodec } from '../stream/codec/decision.ts'
import { createPaymentDecoder } from '../stream/codec/paymentDecoder.ts'
import { loadSchemas } from '../stream/codec/schemas.file.ts'
import { createPaymentConsumer } from '../stream/consumer.kafka.ts'
import { createFlow } from '../stream/flow.ts'
import { createGather } from '../stream/gather.ts'
import { createProducer } from '../stream/producer.kafka.ts'
import { topicNames } from '../stream/topicSpec.ts'
import { openAside } from './aside.kafka.ts'
import { openBundleLog } from './bundleLog.kafka.ts'
import { openDelivery } from './delivery.kafka.ts'
import { countHistories } from './historyEvents.ts'
import { observeStages } from './observed.ts'
import { openKnowledge } from './knowledge.ts'
import { openDeciding } from './openDeciding.ts'
import { openNotices } from './openNotices.kafka.ts'
import { createPatchOf } from './patches.ts'
import { encodeAuditOf } from './records.ts'
import { createRedisErrors } from './redisErrors.ts'
import { requireTopics } from './requireTopics.kafka.ts'
import { openShedding } from './shedding.ts'
import { composeStages } from './stages.ts'
import { openStores } from './stores.redis.ts'
import { openKafka } from './kafka.kafka.ts'

/** How long a switch may act on a decision. */
const validityMs = 300_000

export type Processor = {
  /** The port that the HTTP server took. */
  readonly httpPort: number
  /** Finishes what is under way, publishes, commits, and lets go of everything. */
  readonly stop: () => Promise<void>
}

export type ProcessorDeps = {
  readonly config: Config
  readonly log: Log
  /** Something that cannot be gone on without: the process is to end, non-zero. */
  readonly onCrash: (error: Error) => void
}

/** After the account of a bundle was not taken by Kafka, the next try. */
const bundleLogAgainMs = 5_000

const now = Date.now
const monotonic = (): number => performance.now()

/** The composition of the real parts: Kafka, Redis, the model, HTTP. Resolves when payments are being read. */
export const startProcessor = async ({ config, log, onCrash }: ProcessorDeps): Promise<Processor> => {
  const { metrics, exposition } = createMetrics()
  // Until the parts are there, this is what is missing.
  let readiness = (): Readiness => ({ model: 'is being loaded', kafka: 'not joined', redis: 'not asked' })
  let version = (): Readonly<Record<string, string>> => ({})
  let details = (): Readonly<Record<string, unknown>> => ({})
  const http = await startHttp(
    {
      exposition,
      readiness: () => readiness(),
      version: () => ({ version: readVersion(), ...version() }),
      token: config.httpToken?.().toString() ?? null,
      details: () => details(),
      warn: (message, error) => log.warn({ error }, message),
    },
    { host: config.httpHost, port: config.httpPort },
  )

  const rates = await readRates(config.ratesFile, config.baseCurrency)
  if (rates.length > 0) log.info({ rates: rates.length, file: config.ratesFile }, 'exchange rates are known')
  const stores = await openStores({
    config,
    toBase: createToBase({ currency: config.baseCurrency, rates }),
    now,
    onHistories: countHistories(metrics, log),
    onMissing: (addresses) => {
      metrics.setRedisUp(addresses.length === 0)
      if (addresses.length === 0) log.info('Redis answers again')
      else log.warn({ addresses }, 'Redis does not answer')
    },
    onFailedCall: (error) => log.warn({ error }, 'a call to Redis failed'),
    onError: createRedisErrors(log),
  })
  metrics.setRedisUp(true)

  const topics = topicNames(config.topicPrefix)
  const knowledge = await openKnowledge({ config, topics, metrics, log, now, monotonic })
  const deciding = await openDeciding({
    config,
    knowledge,
    hashText: (text) => stores.hasher.hashContent(Buffer.from(text)),
    metrics,
    log,
    now,
    monotonic,
  })
  readiness = () => ({ model: deciding.missing(), kafka: 'not joined', redis: null })
  await deciding.ready()

  const schemas = await loadSchemas(config.schemasDir)
  const kafka = openKafka(config, log)
  await requireTopics(kafka, topics)
  const producer = createProducer(kafka)
  await producer.connect()
  const bundleLog = openBundleLog({
    producer,
    topic: topics.bundles,
    schemas,
    log,
    now,
    later: (call) => {
      const timer = setTimeout(call, bundleLogAgainMs)
      return () => clearTimeout(timer)
    },
  })
  if (config.audit) deciding.tellTo(bundleLog.tell)

  const decisions = createDecisionCodec(schemas)
  const notices = openNotices({
    config,
    stores,
    producer,
    topic: topics.notices,
    schemas,
    patchOf: createPatchOf(knowledge.vulnerabilities),
    metrics,
    log,
    now,
  })
  const decoderDeps = { schemas, maxBytes: config.maxMessageBytes, maxFutureMs: config.maxFutureMs, now }
  const consumerOptions = consumerOptionsOf(config)
  const aside = await openAside({
    config,
    kafka,
    consumerOptions,
    producer,
    topics,
    stores,
    knowledge,
    notices,
    decoderDeps,
    metrics,
    log,
    now,
    monotonic,
    onCrash,
  })
  const beforeCommit = async (): Promise<void> => {
    metrics.setCopyBytes(stores.copyBytes())
    await Promise.all([stores.histories.flush(), notices.flush()])
  }
  const { earlier, delivery, ...deliveries } = await openDelivery({
    config,
    kafka,
    topics,
    publisher: {
      producer,
      topics,
      audit: config.audit,
      encodeAudit: encodeAuditOf(schemas),
      noticesOf: notices.ofPayments,
    },
    isDecision: (bytes) => decisions.read(bytes).ok,
    beforeCommit,
    metrics,
    log,
  })
  const stages = composeStages({
    engine: deciding.engine,
    decode: createPaymentDecoder({ ...decoderDeps, hashContent: stores.hasher.hashContent }),
    decisions,
    histories: stores.histories,
    remember: notices.remember,
    lagging: aside.lagging,
    journal: createRememberingJournal(stores.journal),
    published: earlier.of,
    publish: delivery.publish,
    now,
    deadlineMs: config.deadlineMs,
    validityMs,
    feedbackKey: config.feedbackKey(),
    observeJournal: (kind) => {
      if (kind === 'published') return
      metrics.countJournalReply(kind)
      if (kind === 'reused') metrics.countReusedId()
    },
  })

  const shedding = openShedding({
    deadlineMs: config.deadlineMs,
    fromShare: config.shedFromShare,
    shadowBudgetMs: config.shadowBudgetMs,
    metrics,
    log,
    now,
    monotonic,
  })
  const flow = createFlow(
    observeStages(shedding.shed(stages), metrics, { now, monotonic }, deciding.see),
    monotonic,
    metrics.observeStage,
  )
  const payments = createPaymentConsumer({
    consumer: kafka.consumer({ ...consumerOptions, groupId: config.groupId }),
    topic: topics.payments,
    flow: createGather(flow, config.batchMax),
    earlier,
    delivery,
    batchMax: config.batchMax,
    partitionsConcurrently: config.partitionsConcurrently,
    commitIntervalMs: config.commitIntervalMs,
    paceMs: config.paceMs,
    silenceMs: config.sessionTimeoutMs,
    monotonic,
    observeLag: metrics.setLag,
    forgetLag: metrics.forgetLag,
    beforeCommit,
    observeCommit: (seconds) => metrics.observeStage('commit', seconds),
    onCommitFailure: (error) => {
      metrics.countCommitFailure()
      log.warn({ error }, 'offsets were not committed; the payments will come again')
    },
    onCrash,
  })
  version = deciding.version
  details = deciding.details
  readiness = () => ({
    model: deciding.missing(),
    kafka: payments.missing(),
    redis: stores.missing().length > 0 ? `does not answer: ${stores.missing().join(', ')}` : null,
    ...aside.missing(),
  })
  await aside.prepare()
  await Promise.all([payments.start(), aside.start()])
  log.info({ port: http.port }, 'payments are being read')

  return {
    httpPort: http.port,
    stop: async () => {
      await deciding.stopWatching()
      shedding.stop()
      bundleLog.close()
      await Promise.all([payments.stop(), aside.stop()])
      await Promise.all([producer.disconnect(), deliveries.close(), notices.close()])
      await stores.close()
      await http.close()
      await deciding.close()
    },
  }
}
