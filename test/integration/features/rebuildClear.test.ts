import { expect, test } from 'vitest'
import { rebuildKey, rebuiltKey, shardCount } from '../../../src/features/keys.ts'
import { createClaims } from '../../../src/offline/rebuild/claims.redis.ts'
import { clearRebuilt } from '../../../src/offline/rebuild/takePlace.redis.ts'
import { useOwnRedis } from '../../support/ownRedis.ts'
import { keys } from '../../support/redisStores.ts'

const server = useOwnRedis(0)
const shards = Array.from({ length: shardCount }, (_, shard) => shard)
const staged = ['one', 'two'].map((token) => rebuiltKey(keys.entity(0, token).key))

test('a rebuild that slept until another one took over leaves what that one has staged', async () => {
  const node = { redis: server.redis, shards }
  await createClaims([node], 'sleeper').take(1)
  // Its claims lapse.
  await server.redis.unlink(...shards.map(rebuildKey))
  await createClaims([node], 'successor').take(2)
  for (const key of staged) await server.redis.set(key, 'staged')

  await clearRebuilt(node, 'sleeper')
  expect(await server.redis.exists(...staged)).toBe(2)
  await clearRebuilt(node, 'successor')
  expect(await server.redis.exists(...staged)).toBe(0)
})
