import { randomUUID } from 'node:crypto'
import type { Settings } from '../config.ts'
import type { Refused } from '../domain/received.ts'
import { SluiceError } from '../errors.ts'
import { createVulnerabilities, type Vulnerabilities } from '../features/vulnerabilities.ts'
import { createLog } from '../ops/log.ts'
import { readVersion } from '../ops/version.file.ts'
import { loadSchemas } from '../stream/codec/schemas.file.ts'
import { createTableConsumer } from '../stream/tableConsumer.kafka.ts'
import { topicNames } from '../stream/topicSpec.ts'
import { createInPieces, nextTurn } from './inPieces.ts'
import { tableOfVulnerabilities } from './tablesOfVulnerabilities.ts'
import { openKafka } from './kafka.kafka.ts'
import type { Kafka } from 'kafkajs'

/** About two seconds until a broker that is away is given up. */
const retries = 4
/** A topic that is not read by then is told as not to be had. */
const readWithinMs = 60_000
const sessionTimeoutMs = 10_000

/** A client of a command: what goes wrong is told by the error, the client's own log only to who asks for it. */
export const commandKafka = (settings: Settings): Kafka => {
  const wanted = settings.logLevel === 'debug' || settings.logLevel === 'trace'
  const log = createLog(
    { level: wanted ? settings.logLevel : 'silent', instance: settings.instanceId, version: readVersion() },
    process.stderr,
  )
  return openKafka(settings, log, { retries })
}

export type ReadTable = { readonly vulnerabilities: Vulnerabilities; readonly refused: readonly Refused[] }

/** What the topic holds now. @throws SluiceError KAFKA_UNAVAILABLE */
export const readVulnerabilityTopic = async (settings: Settings): Promise<ReadTable> => {
  const kafka = commandKafka(settings)
  const groupId = `${settings.groupId}-vulnerabilities-read-${randomUUID()}`
  const vulnerabilities = createVulnerabilities()
  const refused: Refused[] = []
  const schemas = await loadSchemas(settings.schemasDir)
  const { topic, decode, isRefused, table } = tableOfVulnerabilities(
    topicNames(settings.topicPrefix).vulnerabilities,
    vulnerabilities,
    { schemas, maxBytes: settings.maxMessageBytes },
    () => undefined,
    createInPieces({ monotonic: () => performance.now(), rest: nextTurn, budgetMs: Infinity }),
  )
  const unavailable = (cause?: unknown): SluiceError =>
    new SluiceError(
      'KAFKA_UNAVAILABLE',
      `the topic ${topic} at ${settings.kafkaBrokers.join(', ')} cannot be read`,
      { cause, retriable: true },
    )
  let giveUp = (_error: Error): void => undefined
  const failed = new Promise<never>((_, reject) => {
    giveUp = reject
  })
  const consumer = createTableConsumer({
    consumer: kafka.consumer({ groupId, sessionTimeout: sessionTimeoutMs, maxWaitTimeInMs: 100 }),
    groupId,
    createAdmin: () => kafka.admin(),
    topic,
    decode,
    isRefused,
    table,
    monotonic: () => performance.now(),
    observe: () => undefined,
    onRefused: (entry) => refused.push(entry),
    // What is left behind expires, and nobody who lists vulnerabilities needs to know.
    onFailure: () => undefined,
    onCrash: (error) => giveUp(unavailable(error)),
  })
  const timer = setTimeout(() => giveUp(unavailable()), readWithinMs)
  try {
    await Promise.race([
      consumer.start().catch((cause: unknown) => {
        throw unavailable(cause)
      }),
      failed,
    ])
    await Promise.race([consumer.loaded, failed])
    return { vulnerabilities, refused }
  } finally {
    clearTimeout(timer)
    await consumer.stop()
  }
}
