import type { Redis } from 'ioredis'
import { SluiceError } from '../../errors.ts'
import { openClusterMap } from '../../features/clusterMap.redis.ts'
import { connectRedis, type RedisAccess } from '../../features/connection.redis.ts'
import { createClusterDeviceStates } from '../../features/deviceStates.cluster.redis.ts'
import { createRedisDeviceStates } from '../../features/deviceStates.redis.ts'
import type { DeviceStates } from '../../features/deviceStates.ts'
import { createClusterUsedOnce } from '../../features/usedOnce.cluster.redis.ts'
import { createRedisUsedOnce } from '../../features/usedOnce.redis.ts'
import type { UsedOnce } from '../../domain/usedOnce.ts'
import { findCluster } from '../../features/findCluster.redis.ts'
import type { Hasher } from '../../features/hashing.ts'
import { shardCount, type Keys } from '../../features/keys.ts'
import { within } from '../../within.ts'
import { redisUrlAt, redisUrlsOf } from '../../redisUrls.ts'

/** One Redis, or one master of a cluster. */
export type RebuildNode = { readonly redis: Redis; readonly shards: readonly number[] }

export type RebuildNodes = {
  readonly nodes: readonly RebuildNode[]
  /** Place of the shard's node in `nodes`. */
  readonly nodeOf: (shard: number) => number
  readonly deviceStates: DeviceStates
  readonly usedOnce: UsedOnce
  readonly close: () => void
}

export type RebuildNodesDeps = {
  /** As SLUICE_REDIS_URL. */
  readonly url: string
  readonly access?: RedisAccess | undefined
  readonly hasher: Hasher
  readonly keys: Keys
  readonly usedOnceTtlMs: number
}

const connectWithinMs = 10_000
/** A log of a hundred thousand payments is read, folded and written at once. */
const silenceMs = 60_000
const allShards = Array.from({ length: shardCount }, (_, shard) => shard)

/** Which node has which shard is looked up once: where one moves meanwhile, Redis refuses, and the rebuild ends. */
export const openRebuildNodes = async ({
  url,
  access,
  hasher,
  keys,
  usedOnceTtlMs,
}: RebuildNodesDeps): Promise<RebuildNodes> => {
  const errors: Error[] = []
  const seeds = redisUrlsOf(url) ?? [url]
  const connect = (each: string): Redis =>
    connectRedis({
      url: each,
      access,
      name: 'sluice:rebuild',
      onError: (error) => void errors.splice(0, 1, error),
      silenceMs,
    })
  const connections = seeds.map(connect)
  const found = await within(findCluster(connections), connectWithinMs)
  if (found === 'late') {
    for (const connection of connections) connection.disconnect()
    throw new SluiceError('REDIS_UNAVAILABLE', 'Redis does not answer', { cause: errors[0], retriable: true })
  }
  if (found.cluster === null) {
    const { redis } = found
    return {
      nodes: [{ redis, shards: allShards }],
      nodeOf: () => 0,
      deviceStates: createRedisDeviceStates({ redis, keys, hasher }),
      usedOnce: createRedisUsedOnce({ redis, keys, ttlMs: usedOnceTtlMs }),
      close: () => redis.disconnect(),
    }
  }
  found.redis.disconnect()
  const map = await openClusterMap(
    {
      connect: (address) => connect(redisUrlAt(seeds[0] ?? '', address)),
      connectSeeds: () => seeds.map(connect),
    },
    found.cluster,
  )
  const owners = allShards.map(map.nodeOf)
  if (owners.includes(-1) || map.missing().length > 0) {
    map.close()
    throw new SluiceError('REDIS_UNAVAILABLE', 'a part of the cluster is with no master, or is being moved', {
      retriable: true,
    })
  }
  return {
    nodes: map.nodes.map(({ redis }, i) => ({
      redis,
      shards: allShards.filter((shard) => owners[shard] === i),
    })),
    nodeOf: (shard) => owners[shard] ?? 0,
    deviceStates: createClusterDeviceStates({ map, keys, hasher }),
    usedOnce: createClusterUsedOnce({ map, keys, ttlMs: usedOnceTtlMs }),
    close: map.close,
  }
}
