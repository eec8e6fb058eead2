import { randomBytes } from 'node:crypto'
import type { Admin, Kafka, Producer } from 'kafkajs'
import { loadSchemas, ownSchemasFolder } from '../src/stream/codec/schemas.file.ts'
import type { Schemas } from '../src/stream/codec/schemas.ts'
import { startServers, type Servers } from '../test/support/servers.ts'
import { createBenchKafka, createBenchTopics } from './client.kafka.ts'
import type { Environment } from './processor.process.ts'
import { createSeeder, type Seeder } from './seed.redis.ts'
import { createPaymentStream, type PaymentStream } from './stream.ts'

/** What every measurement needs: servers with topics, a world whose past is in Redis, and its payments to come. */
export type Setting = {
  readonly servers: Servers
  readonly kafka: Kafka
  readonly admin: Admin
  readonly producer: Producer
  readonly schemas: Schemas
  readonly stream: PaymentStream
  readonly seeder: Seeder
  readonly topicPrefix: string
  /** The environment of the programs that are measured. */
  readonly environment: Environment
  readonly close: () => Promise<void>
}

export type SettingOptions = {
  readonly accounts: number
  readonly historyDays: number
  readonly say: (text: string) => void
}

const dayMs = 86_400_000
const paymentsPerSeed = 4_000
/** Nothing that is sent may lie ahead of the clock: the world begins this long ago and runs faster than it. */
const worldBeganDaysAgo = 200

const seedPast = async (stream: PaymentStream, seeder: Seeder, untilAt: number): Promise<number> => {
  let seeded = 0
  for (;;) {
    const part = stream.take(paymentsPerSeed, untilAt)
    if (part.payments.length === 0) return seeded
    await seeder.remember(part)
    seeded += part.payments.length
  }
}

export const openSetting = async ({ accounts, historyDays, say }: SettingOptions): Promise<Setting> => {
  const servers = await startServers()
  const topicPrefix = 'bench.'
  const hashKey = randomBytes(16)
  const kafka = createBenchKafka([servers.brokers], 'sluice-bench')
  const admin = kafka.admin()
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await Promise.all([admin.connect(), producer.connect()])
  await createBenchTopics(admin, topicPrefix)
  await createBenchTopics(admin, relayPrefix)

  const schemas = await loadSchemas(ownSchemasFolder)
  const startAt = Math.floor(Date.now() / dayMs - worldBeganDaysAgo) * dayMs
  const stream = createPaymentStream({ accounts, seed: 20_261, startAt })
  const seeder = await createSeeder({ redisUrl: servers.redisUrl, hashKey, schemas })
  const before = await seeder.memoryMib()
  await seeder.coverSince(startAt)
  const seeded = await seedPast(stream, seeder, startAt + historyDays * dayMs)
  const memoryMib = (await seeder.memoryMib()) - before
  say(
    `${seeded.toLocaleString('en')} payments of ${historyDays} days and ${accounts.toLocaleString('en')} accounts are in the histories: ${memoryMib.toFixed(0)} MiB of Redis`,
  )

  return {
    servers,
    kafka,
    admin,
    producer,
    schemas,
    stream,
    seeder,
    topicPrefix,
    environment: {
      SLUICE_KAFKA_BROKERS: servers.brokers,
      SLUICE_REDIS_URL: servers.redisUrl,
      SLUICE_TOPIC_PREFIX: topicPrefix,
      SLUICE_GROUP_ID: 'bench',
      SLUICE_HASH_KEY: hashKey.toString('hex'),
      SLUICE_FEEDBACK_KEY: randomBytes(32).toString('hex'),
      SLUICE_HTTP_PORT: '0',
      SLUICE_LOG_LEVEL: 'info',
    },
    close: async () => {
      seeder.close()
      await Promise.all([admin.disconnect(), producer.disconnect()])
      await servers.close()
    },
  }
}

/** The relay has topics of its own, so that a pair can send it the same payments. */
export const relayPrefix = 'bench-relay.'
