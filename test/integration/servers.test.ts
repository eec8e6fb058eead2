import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServers, type Servers } from '../support/servers.ts'
import { ownName, sharedServers } from '../support/shared.ts'

const clientOf = (brokers: string) =>
  new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50, retries: 8 } })

/** A connection that fails at once rather than wait for a server that is away. */
const redisOf = (url: string, commandTimeout = 5_000) => {
  const redis = new Redis(url, { commandTimeout, maxRetriesPerRequest: 0, retryStrategy: () => null })
  redis.on('error', () => undefined)
  return redis
}

describe('the shared servers', () => {
  it('answer', async () => {
    const { brokers, redisUrl } = sharedServers()
    const admin = clientOf(brokers).admin()
    await admin.connect()
    const redis = redisOf(redisUrl)
    expect((await admin.describeCluster()).brokers).toHaveLength(1)
    expect(await redis.ping()).toBe('PONG')
    await Promise.all([admin.disconnect(), redis.quit()])
  })
})

describe('servers of a test of its own', () => {
  let servers: Servers
  beforeAll(async () => {
    servers = await startServers()
  })
  afterAll(() => servers.close())

  it('Redis keeps its data over pause, stop and start', async () => {
    const before = redisOf(servers.redisUrl)
    await before.set('balance', '42')
    before.disconnect()

    const impatient = redisOf(servers.redisUrl, 100)
    expect(await impatient.get('balance')).toBe('42')
    await servers.pause('redis')
    await expect(impatient.get('balance')).rejects.toThrow(/timed out/)
    await servers.resume('redis')
    impatient.disconnect()

    const firstPid = servers.pids.redis
    await servers.stop('redis')
    await expect(redisOf(servers.redisUrl).get('balance')).rejects.toThrow()
    await servers.start('redis')
    expect(servers.pids.redis).not.toBe(firstPid)
    const after = redisOf(servers.redisUrl)
    expect(await after.get('balance')).toBe('42')
    after.disconnect()
  })

  it('Kafka keeps acknowledged records over a kill, and stamps them with its own clock', async () => {
    const kafka = clientOf(servers.brokers)
    const topic = ownName('kept')
    const admin = kafka.admin()
    const producer = kafka.producer({ allowAutoTopicCreation: false })
    await Promise.all([admin.connect(), producer.connect()])
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true })
    await producer.send({
      topic,
      acks: -1,
      messages: [{ value: 'one', timestamp: '1000' }, { value: 'two' }],
    })
    await Promise.all([admin.disconnect(), producer.disconnect()])

    await servers.kill('kafka')
    await servers.start('kafka')

    const consumer = kafka.consumer({ groupId: ownName('reader'), maxWaitTimeInMs: 50 })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    const seen: (readonly [string | undefined, string])[] = []
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          eachMessage: ({ message }) => {
            seen.push([message.value?.toString(), message.timestamp])
            if (seen.length === 2) resolve()
            return Promise.resolve()
          },
        })
        .catch(reject)
    })
    await consumer.disconnect()
    expect(seen.map(([value]) => value)).toEqual(['one', 'two'])
    expect(Number(seen[0]?.[1])).toBeGreaterThan(1_000)
  })

  it('says why an action is impossible', async () => {
    await expect(servers.start('redis')).rejects.toThrow('redis runs already')
  })
})

describe('when nobody is left to stop them', () => {
  it('a killed script takes its servers with it', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'sluice-orphan-'))
    const servers = await startServers({ only: 'redis', dir })
    const redis = redisOf(servers.redisUrl)
    expect(await redis.ping()).toBe('PONG')
    const ended = new Promise((resolve) => redis.once('close', resolve))
    process.kill(servers.scriptPid, 'SIGKILL')
    await ended
    await servers.close()
    rmSync(dir, { recursive: true })
  })
})
