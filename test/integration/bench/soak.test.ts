import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { judge, type Sample } from '../../../bench/soak/sample.ts'
import { soak } from '../../../bench/soak/soak.redis.ts'
import { connect } from '../../support/redisStores.ts'
import { startServers, type Servers } from '../../support/servers.ts'

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

const options = { accounts: 20, days: 60, pace: 0, sampleDays: 5, retentionDays: 10, seed: 1 }
/** Few accounts: when one of their logs is folded shows. */
const tolerance = 0.15

const levels = async (folding?: null): Promise<ReadonlyMap<string, boolean>> => {
  const told: Sample[] = []
  const samples = await soak({
    redis,
    options,
    ...(folding === undefined ? {} : { folding }),
    collect: undefined,
    onSample: (sample) => told.push(sample),
  })
  expect(told).toEqual(samples)
  expect(samples.map(({ day }) => day)).toEqual(Array.from({ length: 12 }, (_, i) => (i + 1) * 5))
  return new Map(judge(samples, options.days, tolerance).map(({ of, isLevel }) => [of, isLevel]))
}

test('the bytes of entities that go on paying level off after the retention', async () => {
  const found = await levels()
  expect([found.get('keys'), found.get('logBytes')]).toEqual([true, true])
})

test('they would not if nothing was folded', async () => {
  const found = await levels(null)
  expect([found.get('keys'), found.get('logBytes')]).toEqual([true, false])
})
