import { createClusterLogs } from '../../src/features/clusterLogs.redis.ts'
import { openClusterMap, type ClusterMap } from '../../src/features/clusterMap.redis.ts'
import { connectRedis, redisReady } from '../../src/features/connection.redis.ts'
import { askNodes } from '../../src/features/findCluster.redis.ts'
import type { Histories, HistoriesEvent } from '../../src/features/histories.ts'
import { createStoredHistories, logOptions } from '../../src/features/histories.redis.ts'
import { createKeys } from '../../src/features/keys.ts'
import { redisUrlsOf } from '../../src/redisUrls.ts'
import { hasher } from './redisStores.ts'

export const openMap = async (url: string, commandTimeoutMs = 5_000): Promise<ClusterMap> => {
  const connect = (each: string) => connectRedis({ url: each, name: 'sluice-test', onError: () => undefined })
  const seeds = redisUrlsOf(url) ?? []
  const seed = connect(seeds[0] ?? '')
  await redisReady(seed)
  const first = await askNodes(seed)
  seed.disconnect()
  return openClusterMap(
    {
      connect: (address) => connect(`redis://${address}`),
      connectSeeds: () => seeds.map(connect),
      commandTimeoutMs,
    },
    first,
  )
}

/** An instance with caches of its own, and what it reported. */
export const openClusterHistories = (
  map: ClusterMap,
  { outcomesWait = false }: { readonly outcomesWait?: boolean } = {},
): Histories & { readonly events: Map<HistoriesEvent, number> } => {
  const events = new Map<HistoriesEvent, number>()
  const options = {
    keys: createKeys(hasher),
    now: () => 9_000,
    toBase: (amountMinor: number) => amountMinor,
    onEvent: (event: HistoriesEvent, count: number) =>
      void events.set(event, (events.get(event) ?? 0) + count),
    outcomesWait,
  }
  const logs = createClusterLogs({ map, ...logOptions(options) })
  return { ...createStoredHistories({ ...options, logs }), events }
}
