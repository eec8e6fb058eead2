import { randomBytes } from 'node:crypto'
import type { Admin, Kafka, Producer } from 'kafkajs'
import { seedPast } from '../src/offline/seed.ts'
import { openSeedStores } from '../src/offline/seedStores.redis.ts'
import type { Payment } from '../src/domain/payment.ts'
import { createPaymentCodec } from '../src/stream/codec/payment.ts'
import { loadSchemas, ownSchemasFolder } from '../src/stream/codec/schemas.file.ts'
import { topicNames, type TopicNames } from '../src/stream/topicSpec.ts'
import { startServers, type Servers } from '../test/support/servers.ts'
import { createBenchKafka, createBenchTopics } from './client.kafka.ts'
import { readMemoryMib } from './cpu.file.ts'
import type { Environment } from './processor.process.ts'
import { createPaymentStream } from './stream.ts'

/** What every measurement needs: servers with topics, a world whose past is in Redis, and its payments to come. */
export type Setting = {
  readonly servers: Servers
  readonly kafka: Kafka
  readonly admin: Admin
  readonly producer: Producer
  readonly topics: TopicNames
  /** The relay has topics of its own, so that a pair can send it the same payments. */
  readonly relayTopics: TopicNames
  readonly encode: (payment: Payment) => Buffer
  /** Payments that nobody has got before; what their devices tell is in Redis then. */
  readonly nextPayments: (count: number) => Promise<readonly Payment[]>
  /** The environment of the processor. */
  readonly environment: Environment
  readonly close: () => Promise<void>
}

export type SettingOptions = {
  readonly accounts: number
  readonly historyDays: number
  readonly say: (text: string) => void
}

const prefixes = { sluice: 'bench.', relay: 'bench-relay.' }
const dayMs = 86_400_000
/** Nothing that is sent may lie ahead of the clock: the world begins this long ago and runs faster than it. */
const worldBeganDaysAgo = 200

const memoryOf = async (pid: number | undefined): Promise<number> =>
  pid === undefined ? NaN : (await readMemoryMib(pid)).now

export const openSetting = async ({ accounts, historyDays, say }: SettingOptions): Promise<Setting> => {
  const servers = await startServers()
  const kafka = createBenchKafka([servers.brokers], 'sluice-bench')
  const admin = kafka.admin()
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await Promise.all([admin.connect(), producer.connect()])
  await createBenchTopics(admin, prefixes.sluice)
  await createBenchTopics(admin, prefixes.relay)

  const hashKey = randomBytes(16)
  const { encode, body } = createPaymentCodec(await loadSchemas(ownSchemasFolder))
  const stores = await openSeedStores({ url: servers.redisUrl, hashKey, baseCurrency: 'EUR' })
  const startAt = Math.floor(Date.now() / dayMs - worldBeganDaysAgo) * dayMs
  const stream = createPaymentStream({ accounts, seed: 20_261, startAt })
  const emptyMib = await memoryOf(servers.pids.redis)
  // Before this world began there was nothing, and that is known.
  await stores.declareCovered(0)
  const seeded = await seedPast(stream.until(startAt + historyDays * dayMs), {
    seed: stores.seed,
    deviceStates: stores.deviceStates,
    contentHash: (payment) => stores.hasher.hashContent(body(payment)),
  })
  const folded = await stores.foldAll()
  const usedMib = (await memoryOf(servers.pids.redis)) - emptyMib
  say(
    `${seeded.payments.toLocaleString('en')} payments of ${historyDays} days and ${accounts.toLocaleString('en')} accounts are in the histories, ${folded} of which are folded (${usedMib.toFixed(0)} MiB of Redis)`,
  )

  return {
    servers,
    kafka,
    admin,
    producer,
    topics: topicNames(prefixes.sluice),
    relayTopics: topicNames(prefixes.relay),
    encode,
    nextPayments: async (count) => {
      const { payments, reports } = stream.take(count)
      if (reports.length > 0) await stores.deviceStates.apply(reports)
      return payments
    },
    environment: {
      SLUICE_KAFKA_BROKERS: servers.brokers,
      SLUICE_REDIS_URL: servers.redisUrl,
      SLUICE_TOPIC_PREFIX: prefixes.sluice,
      SLUICE_GROUP_ID: 'bench',
      SLUICE_HASH_KEY: hashKey.toString('hex'),
      SLUICE_FEEDBACK_KEY: randomBytes(32).toString('hex'),
      SLUICE_HTTP_PORT: '0',
      SLUICE_LOG_LEVEL: 'info',
    },
    close: async () => {
      stores.close()
      await Promise.all([admin.disconnect(), producer.disconnect()])
      await servers.close()
    },
  }
}
