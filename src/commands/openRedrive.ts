import { openKafka } from '../compose/kafka.kafka.ts'
import type { Settings } from '../config.ts'
import { createLog } from '../ops/log.ts'
import { readVersion } from '../ops/version.file.ts'
import { createAskCommitted } from '../stream/committed.kafka.ts'
import { createPartitionFetch } from '../stream/partitionFetch.kafka.ts'
import { fetchEnds } from '../stream/topicEnds.kafka.ts'
import { topicNames } from '../stream/topicSpec.ts'
import type { RedriveDeps } from '../offline/redrive/redrive.kafka.ts'

export type OpenRedrive = {
  readonly deps: Omit<RedriveDeps, 'onProgress'>
  readonly close: () => Promise<void>
}

/** As long as a chunk of dead letters may take to be sent. */
const transactionTimeoutMs = 60_000
/** The broker completes a transaction within a few milliseconds. */
const retry = { initialRetryTime: 5, maxRetryTime: 500, retries: 10 }

/** The group of processors has one group that sends its dead letters again: a second redrive fences the first. */
export const openRedrive = async (settings: Settings, dryRun: boolean): Promise<OpenRedrive> => {
  const wanted = settings.logLevel === 'debug' || settings.logLevel === 'trace'
  const log = createLog(
    { level: wanted ? settings.logLevel : 'silent', instance: settings.instanceId, version: readVersion() },
    process.stderr,
  )
  const kafka = openKafka(settings, log)
  const topics = topicNames(settings.topicPrefix)
  const groupId = `${settings.groupId}-redrive`
  const admin = kafka.admin()
  const fetch = createPartitionFetch(kafka)
  const producer = kafka.producer({
    transactionalId: groupId,
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: transactionTimeoutMs,
    allowAutoTopicCreation: false,
    retry,
  })
  await Promise.all([admin.connect(), fetch.connect(), ...(dryRun ? [] : [producer.connect()])])
  const close = async (): Promise<void> => {
    await Promise.all([admin.disconnect(), fetch.close(), producer.disconnect()])
  }
  const names = new Set(await admin.listTopics())
  const inputs = [
    topics.payments,
    topics.accountEvents,
    topics.riskFeedback,
    topics.deviceHealth,
    topics.vulnerabilities,
    topics.threatIntel,
    topics.policyLists,
    topics.caseCommands,
  ].filter((name) => names.has(name))
  const found = inputs.length === 0 ? [] : (await admin.fetchTopicMetadata({ topics: inputs })).topics
  const partitions = (await fetchEnds(admin, topics.deadLetters)).map(({ partition }) => partition)
  return {
    deps: {
      fetch,
      partitions,
      deadLetters: topics.deadLetters,
      inputs: new Map(found.map((topic) => [topic.name, topic.partitions.length])),
      groupId,
      committed: createAskCommitted(admin, groupId, topics.deadLetters),
      begin: dryRun ? null : () => producer.transaction(),
    },
    close,
  }
}
