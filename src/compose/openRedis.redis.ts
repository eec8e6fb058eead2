import type { Redis } from 'ioredis'
import { redisUrlAt, redisUrlsOf } from '../redisUrls.ts'
import type { DeviceStates } from '../features/deviceStates.ts'
import { createAvailability } from '../features/availability.redis.ts'
import { createClusterLogs } from '../features/clusterLogs.redis.ts'
import { openClusterMap } from '../features/clusterMap.redis.ts'
import type { NodesReply } from '../features/clusterView.ts'
import { clusterNodes, oneNode, type KeyedNodes } from '../features/keyedNodes.redis.ts'
import { connectRedis, type RedisAccess } from '../features/connection.redis.ts'
import { createClusterDeviceStates } from '../features/deviceStates.cluster.redis.ts'
import { createRedisDeviceStates } from '../features/deviceStates.redis.ts'
import { findCluster } from '../features/findCluster.redis.ts'
import type { Hasher } from '../features/hashing.ts'
import type { Histories } from '../features/histories.ts'
import {
  createRedisHistories,
  createStoredHistories,
  logOptions,
  type HistoriesOptions,
} from '../features/histories.redis.ts'
import { createClusterJournal } from '../features/journal.cluster.redis.ts'
import { createRedisJournal } from '../features/journal.redis.ts'
import { createClusterUsedOnce } from '../features/usedOnce.cluster.redis.ts'
import { createRedisUsedOnce } from '../features/usedOnce.redis.ts'
import type { Journal } from '../domain/journal.ts'
import type { UsedOnce } from '../domain/usedOnce.ts'

/** What is held in one Redis, or in the masters of a cluster. */
export type RedisStores = {
  readonly histories: Histories
  readonly journal: Journal
  readonly deviceStates: DeviceStates
  readonly usedOnce: UsedOnce
  /** For what no payment waits for. */
  readonly nodes: KeyedNodes
  /** Addresses of the nodes that do not answer. */
  readonly missing: () => readonly string[]
  readonly close: () => Promise<void>
}

export type RedisStoresDeps = {
  /** As SLUICE_REDIS_URL: may name several nodes of a cluster. */
  readonly url: string
  readonly access?: RedisAccess | undefined
  /** Shown by CLIENT LIST. */
  readonly name: string
  /** For one script call. */
  readonly commandTimeoutMs: number
  readonly hasher: Hasher
  readonly histories: HistoriesOptions
  readonly journalTtlMs: number
  readonly usedOnceTtlMs: number
  /** Told the addresses that do not answer, each time these change. */
  readonly onMissing: (addresses: readonly string[]) => void
  /** Told of each error of a connection. */
  readonly onError: (error: Error) => void
  /** Told why a call failed; from then on its node counts as away. */
  readonly onFailedCall: (error: unknown) => void
}

const ofOneNode = (redis: Redis, deps: RedisStoresDeps): RedisStores => {
  const { keys } = deps.histories
  const address = `${redis.options.host}:${redis.options.port}`
  const availability = createAvailability({
    redis,
    commandTimeoutMs: deps.commandTimeoutMs,
    onError: deps.onFailedCall,
    onEvent: (event) => {
      if (event === 'away' || event === 'back') deps.onMissing(event === 'away' ? [address] : [])
    },
  })
  const histories = createRedisHistories({ ...deps.histories, redis, availability })
  return {
    histories,
    journal: createRedisJournal({ redis, availability, keys, ttlMs: deps.journalTtlMs }),
    deviceStates: createRedisDeviceStates({ redis, keys, hasher: deps.hasher }),
    usedOnce: createRedisUsedOnce({ redis, keys, ttlMs: deps.usedOnceTtlMs }),
    nodes: oneNode({ redis, availability }),
    missing: () => (availability.isAway() || redis.status !== 'ready' ? [address] : []),
    close: async () => {
      await histories.close()
      availability.close()
      redis.disconnect()
    },
  }
}

type Connections = {
  readonly connect: (url: string) => Redis
  readonly seeds: readonly string[]
}

const ofCluster = async (
  first: NodesReply,
  { connect, seeds }: Connections,
  deps: RedisStoresDeps,
): Promise<RedisStores> => {
  const { keys } = deps.histories
  const [seed = ''] = seeds
  const map = await openClusterMap(
    {
      connect: (address) => connect(redisUrlAt(seed, address)),
      connectSeeds: () => seeds.map(connect),
      commandTimeoutMs: deps.commandTimeoutMs,
      onMissing: deps.onMissing,
      onError: deps.onFailedCall,
    },
    first,
  )
  const histories = createStoredHistories({
    ...deps.histories,
    logs: createClusterLogs({ map, ...logOptions(deps.histories) }),
  })
  return {
    histories,
    journal: createClusterJournal({ map, keys, ttlMs: deps.journalTtlMs }),
    deviceStates: createClusterDeviceStates({ map, keys, hasher: deps.hasher }),
    usedOnce: createClusterUsedOnce({ map, keys, ttlMs: deps.usedOnceTtlMs }),
    nodes: clusterNodes(map),
    missing: map.missing,
    close: async () => {
      await histories.close()
      map.close()
    },
  }
}

/** Resolves when one of the nodes can be used; a cluster is known by its answer. @throws SluiceError CONFIG_INVALID */
export const openRedisStores = async (deps: RedisStoresDeps): Promise<RedisStores> => {
  const seeds = redisUrlsOf(deps.url) ?? [deps.url]
  const connect = (url: string): Redis =>
    connectRedis({ url, access: deps.access, name: deps.name, onError: deps.onError })
  const { redis, cluster } = await findCluster(seeds.map(connect))
  if (cluster === null) return ofOneNode(redis, deps)
  redis.disconnect()
  return ofCluster(cluster, { connect, seeds }, deps)
}
