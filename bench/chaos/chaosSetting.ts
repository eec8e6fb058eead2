import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { declareCovered } from '../../src/features/coverage.redis.ts'
import { topicNames, type TopicNames } from '../../src/stream/topicSpec.ts'
import { startProxy, type Proxy } from '../../test/support/proxy/proxy.ts'
import { startServers, type Servers } from '../../test/support/servers.ts'
import { createBenchKafka, createBenchTopics } from '../client.kafka.ts'
import type { Environment } from '../processor.process.ts'

/** Three brokers, of which one may be lost, and a Redis behind a proxy. */
export type ChaosSetting = {
  readonly servers: Servers
  readonly brokers: readonly `kafka-${number}`[]
  readonly proxy: Proxy
  readonly prefix: string
  readonly topics: TopicNames
  readonly environment: Environment
  readonly close: () => Promise<void>
}

const brokerCount = 3
const prefix = 'chaos.'

export const openChaosSetting = async (): Promise<ChaosSetting> => {
  const servers = await startServers({ brokers: brokerCount })
  const kafka = createBenchKafka(servers.brokers.split(','), 'sluice-chaos')
  const admin = kafka.admin()
  await admin.connect()
  await createBenchTopics(admin, prefix)
  await admin.disconnect()

  const redis = new Redis(servers.redisUrl)
  await declareCovered(redis, 0)
  redis.disconnect()
  const { hostname, port } = new URL(servers.redisUrl)
  const proxy = await startProxy({ host: hostname, port: Number(port) })
  return {
    servers,
    brokers: Array.from({ length: brokerCount }, (_, i) => `kafka-${i + 1}` as const),
    proxy,
    prefix,
    topics: topicNames(prefix),
    environment: {
      SLUICE_KAFKA_BROKERS: servers.brokers,
      SLUICE_REDIS_URL: `redis://127.0.0.1:${proxy.port}`,
      SLUICE_TOPIC_PREFIX: prefix,
      SLUICE_HASH_KEY: randomBytes(16).toString('hex'),
      SLUICE_FEEDBACK_KEY: randomBytes(32).toString('hex'),
      SLUICE_HTTP_PORT: '0',
      SLUICE_LOG_LEVEL: 'info',
    },
    close: async () => {
      await proxy.close()
      await servers.close()
    },
  }
}
