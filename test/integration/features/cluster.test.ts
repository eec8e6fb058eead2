import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ClusterMap } from '../../../src/features/clusterMap.redis.ts'
import { createClusterDeviceStates } from '../../../src/features/deviceStates.cluster.redis.ts'
import { createClusterJournal } from '../../../src/features/journal.cluster.redis.ts'
import { createClusterUsedOnce } from '../../../src/features/usedOnce.cluster.redis.ts'
import { slotOfShard } from '../../../src/features/slots.ts'
import { deviceStates } from '../../support/conformance/deviceStates.ts'
import { coveredSince, histories } from '../../support/conformance/histories.ts'
import { journals } from '../../support/conformance/journals.ts'
import { usedOnce } from '../../support/conformance/usedOnce.ts'
import { openClusterHistories, openMap } from '../../support/clusterStores.ts'
import { aReceived } from '../../support/payments.ts'
import { startRedisCluster, type RedisCluster } from '../../support/redisCluster.ts'
import { hasher, keys } from '../../support/redisStores.ts'

let cluster: RedisCluster
let map: ClusterMap
let otherMap: ClusterMap

beforeAll(async () => {
  cluster = await startRedisCluster()
  map = await openMap(cluster.url)
  otherMap = await openMap(cluster.url)
})
afterAll(async () => {
  map.close()
  otherMap.close()
  await cluster.close()
})

const empty = async (): Promise<void> => {
  await cluster.flush()
  await cluster.declareCovered(coveredSince)
}

describe('histories in a cluster', () => {
  histories(async () => {
    await empty()
    let opened = 0
    return {
      open: () => openClusterHistories(opened++ % 2 === 0 ? map : otherMap),
      close: () => Promise.resolve(),
    }
  }, 30)
})

describe('a journal in a cluster', () => {
  journals(async () => {
    await empty()
    return [createClusterJournal({ map, keys }), createClusterJournal({ map: otherMap, keys })]
  }, 30)
})

describe('device states in a cluster', () => {
  deviceStates(async () => {
    await empty()
    const instance = openClusterHistories(map)
    return {
      states: createClusterDeviceStates({ map, keys, hasher }),
      read: async (deviceId) => (await instance.remember([aReceived({ deviceId })]))[0]?.device ?? null,
    }
  })
})

describe('what was used, in a cluster', () => {
  usedOnce(async () => {
    await empty()
    return createClusterUsedOnce({ map, keys, ttlMs: 60_000 })
  })
})

describe('the map of a cluster', () => {
  test('knows of each shard the node that Redis says', async () => {
    expect(map.nodes).toHaveLength(3)
    for (const shard of [0, 1, 511, 1023]) {
      const slot = slotOfShard[shard] ?? -1
      const said = await cluster.servers[0]?.ask((redis) =>
        redis.cluster('KEYSLOT', `v1:{s${shard}}:covered`),
      )
      expect(said).toBe(slot)
      const holder = await cluster.holderOf(slot)
      expect(map.nodes[map.nodeOf(shard)]?.address).toBe(holder.address)
    }
  })
})
