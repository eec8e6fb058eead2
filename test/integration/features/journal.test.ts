import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAvailability } from '../../../src/features/availability.redis.ts'
import { createRedisJournal } from '../../../src/features/journal.redis.ts'
import { journals } from '../../support/conformance/journals.ts'
import { connect, keys } from '../../support/redisStores.ts'
import { startServers, type Servers } from '../../support/servers.ts'

let servers: Servers
let redis: Redis
let other: Redis

beforeAll(async () => {
  servers = await startServers({ only: 'redis' })
  redis = await connect(servers.redisUrl)
  other = await connect(servers.redisUrl)
})
afterAll(async () => {
  redis.disconnect()
  other.disconnect()
  await servers.close()
})

const journalOn = (connection: Redis, commandTimeoutMs = 5_000) => {
  const availability = createAvailability({ redis: connection, commandTimeoutMs })
  return {
    availability,
    journal: createRedisJournal({ redis: connection, availability, keys, ttlMs: 60_000 }),
  }
}

const entry = {
  paymentId: 'pay-1',
  attempt: 1,
  contentHash: '00000000000000aa',
  bytes: Buffer.from('answer'),
}

describe('a journal in Redis', () => {
  journals(async () => {
    await redis.flushall()
    return [journalOn(redis).journal, journalOn(other).journal]
  }, 60)

  test('answers expire, and a repetition does not prolong them', async () => {
    await redis.flushall()
    const { journal } = journalOn(redis)
    await journal.first([entry])
    const key = keys.journal('pay-1', 1)
    expect(await redis.pttl(key)).toBeGreaterThan(50_000)
    await redis.pexpire(key, 10_000)
    await journal.first([entry])
    expect(await redis.pttl(key)).toBeLessThanOrEqual(10_000)
  })

  test('without Redis every reply is unknown, after one time-out', async () => {
    const own = await connect(servers.redisUrl)
    const { journal, availability } = journalOn(own, 50)
    await servers.pause('redis')
    expect(await journal.first([entry, entry])).toEqual([{ kind: 'unknown' }, { kind: 'unknown' }])
    const asked = performance.now()
    for (let n = 0; n < 100; n++) await journal.first([entry])
    expect(performance.now() - asked).toBeLessThan(50)
    await servers.resume('redis')
    availability.close()
    own.disconnect()
  })
})
