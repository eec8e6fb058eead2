import { describe, expect, test } from 'vitest'
import { compileFeatures } from '../../../src/features/plan.ts'
import { createRedisSeed } from '../../../src/features/seed.redis.ts'
import { openSeedStores } from '../../../src/offline/seedStores.redis.ts'
import { aReceived } from '../../support/payments.ts'
import { keys, openHistories } from '../../support/redisStores.ts'
import { useOwnRedis } from '../../support/ownRedis.ts'

const server = useOwnRedis(0)

const hourMs = 3_600_000
const base = Date.UTC(2026, 0, 15)
const past = Array.from({ length: 300 }, (_, i) => ({
  received: aReceived(
    {
      paymentId: `past-${i}`,
      accountId: `acc-${i % 7}`,
      payeeId: `payee-${i % 11}`,
      amountMinor: 100 + ((i * 37) % 900),
      occurredAt: base + i * hourMs,
    },
    i,
  ),
  outcome: (['ALLOW', 'ALLOW', 'BLOCK'] as const)[i % 3] ?? 'ALLOW',
}))
const next = aReceived({
  paymentId: 'next',
  accountId: 'acc-3',
  payeeId: 'payee-4',
  occurredAt: base + 301 * hourMs,
})

const plan = compileFeatures(
  [
    'account.count.7d',
    'account.accepted_count.7d',
    'account.zscore_amount.30d',
    'payee.distinct_account.7d',
    'account_payee.since_first',
  ],
  { retentionMs: 35 * 24 * hourMs },
)

const featuresOfNext = async (): Promise<readonly number[]> => {
  const instance = openHistories(server.redis)
  const [recalled] = await instance.remember([next])
  await instance.close()
  if (recalled === undefined) throw new RangeError('nothing was recalled')
  const row = new Float64Array(plan.names.length)
  expect(plan.compute(recalled, row)).toEqual([])
  return [...row]
}

describe('a seeded past', () => {
  test('gives the features that the same payments give when they are decided one after the other', async () => {
    const seed = createRedisSeed({ redis: server.redis, keys, toBase: (amountMinor) => amountMinor })
    await seed(past.slice(0, 200))
    await seed(past.slice(200))
    const seeded = await featuresOfNext()

    await server.empty()
    const instance = openHistories(server.redis)
    for (const each of past) {
      await instance.remember([each.received])
      await instance.conclude([each])
    }
    await instance.close()
    expect(seeded).toEqual(await featuresOfNext())
    expect(seeded.some(Number.isNaN)).toBe(false)
  })

  test('is forgotten in time', async () => {
    const seed = createRedisSeed({
      redis: server.redis,
      keys,
      toBase: (amountMinor) => amountMinor,
      expiryMs: 60_000,
    })
    await seed(past)
    const left = await server.redis.pttl(keys.entity(0, 'acc-3').key)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(60_000)
  })

  test('can be removed, and nothing else with it', async () => {
    await server.redis.flushall()
    const stores = await openSeedStores({
      url: server.servers.redisUrl,
      hashKey: Buffer.alloc(16, 3),
      baseCurrency: 'EUR',
    })
    expect(await stores.isEmpty()).toBe(true)
    await stores.declareCovered(0)
    await stores.seed(past)
    await server.redis.set('of-somebody-else', '1')
    await stores.clear()
    expect(await server.redis.keys('*')).toEqual(['of-somebody-else'])
    stores.close()
  })
})
