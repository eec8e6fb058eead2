import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRedisUsedOnce } from '../../../src/features/usedOnce.redis.ts'
import { usedOnce } from '../../support/conformance/usedOnce.ts'
import { connect, keys } from '../../support/redisStores.ts'
import { startServers, type Servers } from '../../support/servers.ts'

const ttlMs = 3_600_000

let servers: Servers
let redis: Redis

beforeAll(async () => {
  servers = await startServers({ only: 'redis' })
  redis = await connect(servers.redisUrl)
})
afterAll(async () => {
  redis.disconnect()
  await servers.close()
})

const storeOn = (connection: Redis) => createRedisUsedOnce({ redis: connection, keys, ttlMs })
const use = (id: string, owner: string) => ({ id, owner, counter: null })

describe('what was used, in Redis', () => {
  usedOnce(async () => {
    await redis.flushall()
    return storeOn(redis)
  })

  test('is agreed on by instances that ask at the same time', async () => {
    await redis.flushall()
    const others = await Promise.all([1, 2, 3, 4].map(() => connect(servers.redisUrl)))
    const ids = Array.from({ length: 200 }, (_, n) => `nonce ${n}`)
    const replies = await Promise.all(
      others.map((other, i) => storeOn(other).claim(ids.map((id) => use(id, `instance ${i}`)))),
    )
    for (const other of others) other.disconnect()
    const winners = ids.map((_, n) => replies.filter((each) => each[n] === 'FIRST').length)
    expect(new Set(winners)).toEqual(new Set([1]))
  })

  test('is forgotten in time, and no id is in a key or a value', async () => {
    await redis.flushall()
    await storeOn(redis).claim([{ id: 'secret 7', owner: 'a b 1', counter: { id: 'secret', value: 7 } }])
    const found = await redis.keys('*')
    expect(found).toHaveLength(2)
    for (const key of found) {
      expect(key).toMatch(/^v1:\{s\d{1,4}\}:u:[0-9a-f]{16}$/)
      expect(await redis.get(key)).not.toContain('secret')
      expect(await redis.pttl(key)).toBeGreaterThan(ttlMs - 60_000)
    }
    expect(new Set(found.map((key) => key.slice(0, key.indexOf('}')))).size).toBe(1)
  })

  test('is not known without Redis, and asked again', async () => {
    const own = await connect(servers.redisUrl)
    own.disconnect()
    await expect(storeOn(own).claim([use('a', 'one')])).rejects.toMatchObject({
      code: 'REDIS_UNAVAILABLE',
      retriable: true,
    })
  })
})
