import type { Kafka } from 'kafkajs'
import { createKafka } from '../../../src/stream/client.kafka.ts'
import { loadSchemas, ownSchemasFolder } from '../../../src/stream/codec/schemas.file.ts'
import type { Schemas } from '../../../src/stream/codec/schemas.ts'
import type { FeedbackDecoderDeps } from '../../../src/stream/codec/riskFeedback.ts'
import { createTopics } from '../../../src/stream/topics.kafka.ts'
import { topicNames, topicSpecs, type TopicNames } from '../../../src/stream/topicSpec.ts'
import { ownName, type SharedServers } from '../shared.ts'

/** Kafka with all topics under a prefix of their own. */
export type OwnTopics = {
  readonly kafka: Kafka
  readonly groupId: string
  readonly prefix: string
  readonly topics: TopicNames
  readonly schemas: Schemas
  readonly decoderDeps: FeedbackDecoderDeps
  readonly consumerOptions: Omit<Parameters<Kafka['consumer']>[0], 'groupId'>
}

export const openTopics = async ({ brokers }: Pick<SharedServers, 'brokers'>): Promise<OwnTopics> => {
  const groupId = ownName('sharing')
  const prefix = `${groupId}.`
  const kafka = createKafka({
    brokers: [brokers],
    clientId: groupId,
    log: () => () => undefined,
    warn: (message) => {
      throw new Error(message)
    },
  })
  const admin = kafka.admin()
  await admin.connect()
  await createTopics(admin, topicSpecs({ prefix, partitions: 4, historyRetentionDays: 35 }))
  await admin.disconnect()
  const schemas = await loadSchemas(ownSchemasFolder)
  return {
    kafka,
    groupId,
    prefix,
    topics: topicNames(prefix),
    schemas,
    decoderDeps: {
      schemas,
      maxBytes: 65_536,
      maxFutureMs: 300_000,
      now: Date.now,
      proofProblem: () => null,
    },
    consumerOptions: {
      sessionTimeout: 6_000,
      heartbeatInterval: 1_000,
      maxWaitTimeInMs: 50,
      allowAutoTopicCreation: false,
    },
  }
}
