import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { foldingDefaults } from '../../src/features/folding.redis.ts'
import { createHasher } from '../../src/features/hashing.ts'
import { createKeys } from '../../src/features/keys.ts'
import { defaultRetentionMs } from '../../src/features/plan.ts'
import { measureCost, type CostReport } from '../../src/offline/cost/cost.ts'
import type { CostStore } from '../../src/offline/cost/costStore.ts'
import { createMemoryCostStore } from '../../src/offline/cost/memoryStore.ts'
import { openRedisCostStore } from '../../src/offline/cost/redisStore.redis.ts'
import { recordsSource } from '../../src/offline/cost/sources.ts'
import { connect } from '../support/redisStores.ts'
import { startServers, type Servers } from '../support/servers.ts'

let servers: Servers
let redis: Redis
beforeAll(async () => {
  servers = await startServers({ only: 'redis' })
  redis = await connect(servers.redisUrl)
})
beforeEach(() => redis.flushall())
afterAll(async () => {
  redis.disconnect()
  await servers.close()
})

const folding = { ...foldingDefaults, retentionMs: defaultRetentionMs }
const toBase = (amountMinor: number): number => amountMinor
const keys = () => createKeys(createHasher(Buffer.alloc(16, 3)))
const openRedis = () => openRedisCostStore({ url: servers.redisUrl, keys: keys(), toBase, folding })

const costOf = (store: CostStore): Promise<CostReport> =>
  measureCost(['account.count.1h', 'device.distinct_card.24h'], {
    store,
    source: recordsSource(30, 64),
    settings: { retentionMs: defaultRetentionMs },
    measured: 64,
    rounds: 1,
    now: () => performance.now(),
    onPayments: () => undefined,
  })

test('logs in Redis have the bytes that the memory store says, and Redis says what they take', async () => {
  const store = await openRedis()
  const found = await costOf(store)
  const inMemory = await costOf(createMemoryCostStore(keys(), toBase, folding))
  const bytes = ({ entities }: CostReport) =>
    entities.map(({ entity, entities: count, logBytes, mostLogBytes }) => [
      entity,
      count,
      logBytes,
      mostLogBytes,
    ])
  expect(bytes(found)).toEqual(bytes(inMemory))
  for (const { logBytes, redisBytes, copyBytes } of found.entities) {
    expect(redisBytes).toBeGreaterThan(logBytes)
    expect(copyBytes).toBeGreaterThan(30 * 72)
  }
  await store.close()
  expect(await redis.dbsize()).toBe(0)
})

test('a database with something in it is refused, and left as it is', async () => {
  await redis.set('somebody', 'else')
  await expect(openRedis()).rejects.toMatchObject({ code: 'USAGE' })
  expect(await redis.keys('*')).toEqual(['somebody'])
})
