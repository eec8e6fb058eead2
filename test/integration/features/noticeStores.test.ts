import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAvailability, type Availability } from '../../../src/features/availability.redis.ts'
import { clusterNodes, oneNode, type KeyedNodes } from '../../../src/features/keyedNodes.redis.ts'
import { createRedisNoticeLimit } from '../../../src/features/noticeLimit.redis.ts'
import { createRedisRecentAccounts } from '../../../src/features/recentPayers.redis.ts'
import type { RecentLimits } from '../../../src/features/recentPayers.ts'
import type { ClusterMap } from '../../../src/features/clusterMap.redis.ts'
import { openMap } from '../../support/clusterStores.ts'
import { aClaim, noticeLimits, withClock } from '../../support/conformance/noticeLimits.ts'
import { aMeeting, dayMs, recentAccounts, start } from '../../support/conformance/recentAccounts.ts'
import { startRedisCluster, type RedisCluster } from '../../support/redisCluster.ts'
import { connect, keys } from '../../support/redisStores.ts'
import { startServers, type Servers } from '../../support/servers.ts'

const limits = { repeatMs: dayMs, aDay: 10, criticalADay: 20 }

const accountsOn = (nodes: KeyedNodes, recentLimits: RecentLimits) => {
  const clock = withClock(start)
  return {
    accounts: createRedisRecentAccounts({ nodes, keys, limits: recentLimits, now: clock.now }),
    advance: clock.advance,
  }
}

describe('in one Redis', () => {
  let servers: Servers
  let redis: Redis
  let availability: Availability
  let nodes: KeyedNodes

  beforeAll(async () => {
    servers = await startServers({ only: 'redis' })
    redis = await connect(servers.redisUrl)
    availability = createAvailability({ redis, commandTimeoutMs: 5_000 })
    nodes = oneNode({ redis, availability })
  })
  afterAll(async () => {
    availability.close()
    redis.disconnect()
    await servers.close()
  })

  describe('the limit of notices', () => {
    noticeLimits(async (own) => {
      await redis.flushall()
      const clock = withClock()
      const open = () => createRedisNoticeLimit({ nodes, keys, limits: own, now: clock.now })
      return { instances: [open(), open()], advance: clock.advance }
    }, 60)

    test('is one key for each recipient, which holds no token and expires', async () => {
      await redis.flushall()
      const limit = createRedisNoticeLimit({ nodes, keys, limits, now: () => start })
      await limit.claim([aClaim(), aClaim({ matter: 'b'.repeat(16), id: 'c'.repeat(16) })])
      await limit.confirm([aClaim()])
      const [key = '', ...others] = await redis.keys('*')
      expect(others).toEqual([])
      expect(key).toMatch(/^v1:\{s\d{1,4}\}:n:[0-9a-f]{16}$/)
      expect(await redis.get(key)).not.toContain('acc-1')
      expect(await redis.pttl(key)).toBeGreaterThan(dayMs - 60_000)
    })

    test('200 claims of 150 recipients go in calls of 64, and each is answered in its place', async () => {
      await redis.flushall()
      const limit = createRedisNoticeLimit({ nodes, keys, limits, now: () => start })
      const claims = Array.from({ length: 200 }, (_, n) =>
        aClaim({ recipient: `acc-${n % 150}`, id: n.toString(16).padStart(16, '0') }),
      )
      expect(await limit.claim(claims)).toEqual(claims.map((_, n) => (n < 150 ? 'first' : 'duplicate')))
    })
  })

  describe('recent accounts', () => {
    recentAccounts(async (own) => {
      await redis.flushall()
      return accountsOn(nodes, own)
    })

    test('take bounded room, and who pays often does not push out who paid once', async () => {
      await redis.flushall()
      const { accounts } = accountsOn(nodes, { keptMs: 30 * dayMs, keptBytes: 1_024 })
      await accounts.add([aMeeting({ accountId: 'victim' })])
      for (let n = 0; n < 20; n++)
        await accounts.add(
          Array.from({ length: 64 }, (_, i) => aMeeting({ accountId: 'mule', at: start + n * 64 + i })),
        )
      const [key = ''] = await redis.keys('*')
      expect(key).toMatch(/^v1:\{s\d{1,4}\}:w\.p:[0-9a-f]{16}$/)
      expect(await redis.strlen(key)).toBeLessThanOrEqual(2 * 1_024)
      expect(await redis.pttl(key)).toBeGreaterThan(29 * dayMs)
      expect(await accounts.read('payee', 'payee-1')).toEqual(['mule', 'victim'])
    })

    test('when there are too many, the newest stay', async () => {
      await redis.flushall()
      const { accounts } = accountsOn(nodes, { keptMs: 30 * dayMs, keptBytes: 1_024 })
      const many = Array.from({ length: 500 }, (_, n) => aMeeting({ accountId: `acc-${n}`, at: start + n }))
      expect(await accounts.add(many)).toEqual([])
      const read = await accounts.read('payee', 'payee-1')
      expect(read.slice(0, 40)).toEqual(
        many
          .slice(-40)
          .toReversed()
          .map(({ accountId }) => accountId),
      )
      expect(read.length).toBeLessThan(100)
    })
  })

  test('without Redis nobody knows: claims are not answered, and the rest is refused, to come again', async () => {
    const own = await connect(servers.redisUrl)
    const away = createAvailability({ redis: own, commandTimeoutMs: 50 })
    const gone = oneNode({ redis: own, availability: away })
    own.disconnect()
    const limit = createRedisNoticeLimit({ nodes: gone, keys, limits, now: () => start })
    const { accounts } = accountsOn(gone, { keptMs: dayMs, keptBytes: 1_024 })
    const unavailable = { code: 'REDIS_UNAVAILABLE', retriable: true }
    expect(await limit.claim([aClaim(), aClaim()])).toEqual([null, null])
    await expect(limit.confirm([aClaim()])).rejects.toMatchObject(unavailable)
    expect(await accounts.add([aMeeting()])).toEqual([aMeeting()])
    await expect(accounts.read('payee', 'payee-1')).rejects.toMatchObject(unavailable)
    // What no payment waits for does not make Redis known to be away.
    expect(away.isAway()).toBe(false)
    away.close()
  })
})

describe('in a cluster', () => {
  let cluster: RedisCluster
  let maps: readonly ClusterMap[]

  beforeAll(async () => {
    cluster = await startRedisCluster()
    maps = [await openMap(cluster.url), await openMap(cluster.url)]
  })
  afterAll(async () => {
    for (const map of maps) map.close()
    await cluster.close()
  })
  const [one, two] = [() => clusterNodes(maps[0] as ClusterMap), () => clusterNodes(maps[1] as ClusterMap)]

  describe('the limit of notices', () => {
    noticeLimits(async (own) => {
      await cluster.flush()
      const clock = withClock()
      const open = (nodes: KeyedNodes) => createRedisNoticeLimit({ nodes, keys, limits: own, now: clock.now })
      return { instances: [open(one()), open(two())], advance: clock.advance }
    }, 10)
  })

  describe('recent accounts', () => {
    recentAccounts(async (own) => {
      await cluster.flush()
      return accountsOn(one(), own)
    })
  })
})
