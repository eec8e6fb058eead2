import type { Config } from '../config.ts'
import { createToBase } from '../features/baseCurrency.ts'
import { createEndOfLife } from '../features/osEndOfLife.ts'
import { readEndOfLife } from '../features/osEndOfLife.file.ts'
import { readRates } from '../features/rates.file.ts'
import { createVulnerabilities } from '../features/vulnerabilities.ts'
import type { Standing } from '../model/registry.ts'
import { startHttp, type Readiness } from '../ops/http.http.ts'
import type { Log } from '../ops/log.ts'
import { createMetrics } from '../ops/metrics.ts'
import { readVersion } from '../ops/version.file.ts'
import { metadataMaxAgeMs } from '../stream/client.kafka.ts'
import { createDecisionCodec } from '../stream/codec/decision.ts'
import { createPaymentDecoder } from '../stream/codec/paymentDecoder.ts'
import { loadSchemas } from '../stream/codec/schemas.file.ts'
import { createPaymentConsumer } from '../stream/consumer.kafka.ts'
import { createFlow } from '../stream/flow.ts'
import { createGather } from '../stream/gather.ts'
import { createProducer } from '../stream/producer.kafka.ts'
import { topicNames } from '../stream/topicSpec.ts'
import { openReadReports } from './attestations.ts'
import { openBundleLog } from './bundleLog.kafka.ts'
import { openBundles } from './bundles.ts'
import { exportDrift, startDriftTimer } from './driftTimer.ts'
import { openDelivery } from './delivery.kafka.ts'
import { openFeedbackTrust } from './feedbackTrust.file.ts'
import { countHistories } from './historyEvents.ts'
import { readContactHash } from './contactHash.file.ts'
import { openIntelligence } from './intelligence.ts'
import { observeStages } from './observed.ts'
import { openGuarding } from './openGuarding.ts'
import { openNotices } from './openNotices.kafka.ts'
import { createInPieces, nextTurn, pieceMs } from './inPieces.ts'
import { createPatchOf } from './patches.ts'
import { encodeAuditOf } from './records.ts'
import { observeShadows } from './shadowObserver.ts'
import { createRedisErrors } from './redisErrors.ts'
import { createEmptyLists, tableOfLists } from './policyLists.ts'
import { createReporting } from './reporting.kafka.ts'
import { requireTopics } from './requireTopics.kafka.ts'
import { createSides } from './sides.kafka.ts'
import { backendText } from './scoredOn.ts'
import { openShedding } from './shedding.ts'
import { composeStages } from './stages.ts'
import { openStores } from './stores.redis.ts'
import { openTable } from './tables.kafka.ts'
import { tableOfVulnerabilities } from './tablesOfVulnerabilities.ts'
import { trustOf } from './trust.ts'
import { openKafka } from './kafka.kafka.ts'

/** How long a switch may act on a decision. */
const validityMs = 300_000
/**
 * Of a partition in one fetch: some four hundred payments. kafkajs decodes a fetch in one go and holds it until all of
 * it is answered, so that 1 MiB of each (its default) lives to be old: 40 MiB more when draining. With 64 KiB draining
 * is a quarter slower. One larger record comes nevertheless.
 */
const fetchBytes = 262_144

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

/**
 * A rebalance waits so long for members that still answer what they have in hand (the longest is a send given up after
 * 20 s), and a member so long, and 5 s, for a coordinator that hangs. kafkajs's default is 60 s.
 */
const rejoinMs = 30_000

/** How often drift is measured. */
const driftEveryMs = 10_000
/** After the account of a bundle was not taken by Kafka, the next try. */
const bundleLogAgainMs = 5_000

const now = Date.now
const monotonic = (): number => performance.now()

/** Why no model decides; null where one does, whatever is wrong with another that is offered. */
const modelProblem = ({ bundleHash, problem }: Standing): string | null =>
  bundleHash !== null ? null : (problem?.reason ?? 'is being loaded')

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

  const vulnerabilities = createVulnerabilities()
  const threatIntel = openIntelligence({
    topic: topicNames(config.topicPrefix).threatIntel,
    hashKey: config.hashKey(),
    hashContact: await readContactHash(config.contactHashKeyFile),
    sharingKey: config.sharingKey?.() ?? null,
    maxBytes: config.maxMessageBytes,
    metrics,
    log,
    monotonic,
    now,
  })
  const lists = createEmptyLists()
  const cycles = await readEndOfLife(config.osEndOfLifeDir)
  const hashText = (text: string): string => stores.hasher.hashContent(Buffer.from(text))
  const guarding = await openGuarding({
    config,
    hashText,
    metrics,
    log,
    now,
    openBreakers: () => bundles.engine().openBreakers(),
  })
  let tellBundle = (): void => undefined
  const bundles = openBundles({
    modelsDir: config.modelsDir,
    trust: trustOf(config),
    pollMs: config.modelsPollMs,
    trial: {
      probationMs: config.probationMs,
      bounds: {
        unscoredShare: config.probationUnscoredShare,
        blockFactor: config.probationBlockFactor,
      },
    },
    engineDeps: {
      retentionMs: config.historyRetentionDays * 86_400_000,
      intelligence: threatIntel.intelligence,
      lists,
      systems: { vulnerabilities, endOfLife: createEndOfLife(cycles) },
      observeModelScore: metrics.observeModelScore,
      onModelFailure: (error) => {
        metrics.countModelFailure()
        log.error({ error }, 'the model could not score')
      },
      monotonic,
      driftWindowMs: config.driftWindowMs,
      guarding: guarding.deps,
    },
    challenging: {
      hashText,
      budgetMs: config.shadowBudgetMs,
      observer: observeShadows(metrics, log),
    },
    otherBackends: config.otherBackends,
    countSwap: metrics.countBundleSwap,
    onCurrent: () => {
      metrics.setBundleLoadedAt(now() / 1000)
      const { scoredOn } = bundles.engine()
      metrics.setOffPin(new Map(scoredOn.map((each) => [each.model, each.isAsPinned ? 0 : 1])))
      tellBundle()
    },
    log,
    now,
  })
  readiness = () => ({ model: modelProblem(bundles.standing()), kafka: 'not joined', redis: null })
  await bundles.firstReady
  guarding.start()
  const drift = startDriftTimer({
    measure: () => bundles.engine().drift(),
    limit: config.driftLimit,
    everyMs: driftEveryMs,
    onMeasured: exportDrift(metrics),
    onFlags: (flags) => log.warn({ flags }, 'what the model sees has moved from its training, or back'),
  })

  const schemas = await loadSchemas(config.schemasDir)
  const kafka = openKafka(config, log)
  const topics = topicNames(config.topicPrefix)
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
  if (config.audit) tellBundle = () => bundleLog.tell(bundles.engine().account)
  tellBundle()

  const decisions = createDecisionCodec(schemas)
  const notices = openNotices({
    config,
    stores,
    producer,
    topic: topics.notices,
    schemas,
    patchOf: createPatchOf(vulnerabilities),
    metrics,
    log,
    now,
  })
  const decoderDeps = { schemas, maxBytes: config.maxMessageBytes, maxFutureMs: config.maxFutureMs, now }
  const feedbackTrust = await openFeedbackTrust(config, metrics.countFeedbackProof)
  if (config.feedbackTrust === 'any') log.warn('feedback is believed without proof (SLUICE_FEEDBACK_TRUST)')
  const consumerOptions = {
    sessionTimeout: config.sessionTimeoutMs,
    heartbeatInterval: Math.floor(config.sessionTimeoutMs / 5),
    rebalanceTimeout: rejoinMs,
    maxWaitTimeInMs: config.maxWaitMs,
    maxBytesPerPartition: fetchBytes,
    maxBytes: config.fetchMaxBytes,
    metadataMaxAge: metadataMaxAgeMs,
    allowAutoTopicCreation: false,
  }
  const tableDeps = { kafka, consumerOptions, groupId: config.groupId, metrics, log, monotonic, onCrash }
  const tables = [
    openTable(tableDeps, tableOfLists({ topic: topics.policyLists, lists, ...decoderDeps })),
    openTable(tableDeps, threatIntel.spec),
    openTable(
      tableDeps,
      tableOfVulnerabilities(
        topics.vulnerabilities,
        vulnerabilities,
        decoderDeps,
        metrics.setUnmatchable,
        createInPieces({ monotonic, rest: nextTurn, budgetMs: pieceMs }),
      ),
    ),
  ]
  const sides = createSides({
    tables,
    config,
    kafka,
    consumerOptions,
    producer,
    topics,
    stores: notices.telling(stores),
    decoderDeps: { ...decoderDeps, ...feedbackTrust.counted },
    readReports: await openReadReports({
      config,
      usedOnce: stores.usedOnce,
      monotonic,
      warn: (message, error) => log.warn({ error }, message),
    }),
    metrics,
    log,
    monotonic,
    onCrash,
  })
  const reporting = createReporting({
    config,
    kafka,
    consumerOptions,
    topics,
    decoderDeps: { ...decoderDeps, ...feedbackTrust.silent },
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
    engine: bundles.engine,
    decode: createPaymentDecoder({ ...decoderDeps, hashContent: stores.hasher.hashContent }),
    decisions,
    histories: stores.histories,
    remember: notices.remember,
    lagging: sides.lagging,
    journal: stores.journal,
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
    metrics,
    log,
    now,
    monotonic,
  })
  const flow = createFlow(
    observeStages(shedding.shed(stages), metrics, { now, monotonic }, bundles.see),
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
  version = () => {
    const { bundleHash, model, scoredOn } = bundles.engine()
    return { bundle: bundleHash, model, backend: backendText(scoredOn) }
  }
  details = () => ({ bundle: bundles.details(), drift: drift.details(), guards: guarding.details() })
  readiness = () => ({
    model: modelProblem(bundles.standing()),
    kafka: payments.missing(),
    redis: stores.missing().length > 0 ? `does not answer: ${stores.missing().join(', ')}` : null,
    ...Object.fromEntries(tables.map(({ name, missing }) => [name, missing()])),
  })
  await Promise.all(tables.map((table) => table.start()))
  await sides.startWatermarks()
  await Promise.all([payments.start(), sides.startConsumers(), reporting.start()])
  log.info({ port: http.port }, 'payments are being read')

  return {
    httpPort: http.port,
    stop: async () => {
      drift.stop()
      await guarding.stop()
      shedding.stop()
      bundleLog.close()
      await Promise.all([
        payments.stop(),
        sides.stop(),
        reporting.stop(),
        ...tables.map((table) => table.stop()),
      ])
      await Promise.all([producer.disconnect(), deliveries.close(), notices.close()])
      await stores.close()
      await http.close()
      await bundles.close()
    },
  }
}
