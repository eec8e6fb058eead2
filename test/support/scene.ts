import type { Kafka } from 'kafkajs'
import type { RedisAccess } from '../../src/features/connection.redis.ts'
import { declareCovered } from '../../src/features/coverage.redis.ts'
import type { KafkaAccess } from '../../src/stream/access.ts'
import { createKafka } from '../../src/stream/client.kafka.ts'
import { loadSchemas, ownSchemasFolder } from '../../src/stream/codec/schemas.file.ts'
import type { Schemas } from '../../src/stream/codec/schemas.ts'
import { createTopics } from '../../src/stream/topics.kafka.ts'
import { topicNames, topicSpecs, type TopicNames } from '../../src/stream/topicSpec.ts'
import type { Findings } from '../checker/verdict.ts'
import { processorEnvironment, type ProcessorEnvironment } from './processor.ts'
import { connect } from './redisStores.ts'
import { ownName, type SharedServers } from './shared.ts'
import { runChecker } from './runChecker.ts'
import { openSwitch, type Switch } from './switch.ts'

/** What a test with a processor and a switch needs around them, under names of its own. */
export type Scene = {
  readonly kafka: Kafka
  readonly topics: TopicNames
  readonly groupId: string
  readonly schemas: Schemas
  readonly paymentSwitch: Switch
  readonly environment: ProcessorEnvironment
  /** From when on the histories are complete, epoch ms. */
  readonly coveredSince: number
  /** What the checker finds wrong with all that stands in Kafka by now. */
  readonly checked: () => Promise<Findings>
  readonly close: () => Promise<void>
}

/** Servers, and how a test gets into those that ask who it is. */
export type SceneServers = SharedServers & {
  readonly kafkaAccess?: KafkaAccess
  readonly redisAccess?: RedisAccess
}

const dayMs = 86_400_000
const partitions = 4
const defaultDeadlineMs = 1_000
const historyRetentionDays = 35

/** Topics, a switch, and histories that count as complete: a new account is new, not unknown. */
export const openScene = async (
  { brokers, redisUrl, kafkaAccess, redisAccess }: SceneServers,
  settings: ProcessorEnvironment = {},
): Promise<Scene> => {
  const groupId = ownName('scene')
  const prefix = `${groupId}.`
  const kafka = createKafka({
    brokers: brokers.split(','),
    clientId: groupId,
    ...(kafkaAccess === undefined ? {} : { access: kafkaAccess }),
    log: () => () => undefined,
    warn: (message) => {
      throw new Error(message)
    },
  })
  const admin = kafka.admin()
  await admin.connect()
  await createTopics(admin, topicSpecs({ prefix, partitions, historyRetentionDays }))
  await admin.disconnect()

  const redis = await connect(redisUrl, redisAccess)
  const coveredSince = Date.now() - 2 * historyRetentionDays * dayMs
  await declareCovered(redis, coveredSince)
  redis.disconnect()

  const topics = topicNames(prefix)
  const schemas = await loadSchemas(ownSchemasFolder)
  const paymentSwitch = await openSwitch(kafka, topics, schemas)
  return {
    kafka,
    topics,
    groupId,
    schemas,
    paymentSwitch,
    coveredSince,
    environment: processorEnvironment({
      SLUICE_KAFKA_BROKERS: brokers,
      SLUICE_REDIS_URL: redisUrl,
      SLUICE_TOPIC_PREFIX: prefix,
      SLUICE_GROUP_ID: groupId,
      ...settings,
    }),
    checked: () =>
      runChecker({ brokers, prefix, deadlineMs: Number(settings.SLUICE_DEADLINE_MS ?? defaultDeadlineMs) }),
    close: paymentSwitch.close,
  }
}
