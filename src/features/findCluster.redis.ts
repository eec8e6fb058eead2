import type { Redis } from 'ioredis'
import { SluiceError } from '../errors.ts'
import type { NodesReply } from './clusterView.ts'
import { redisReady } from './connection.redis.ts'
import { within } from '../within.ts'

/** How the cluster is made up, as this node sees it. Rejects as Redis does. */
export const askNodes = async (redis: Redis): Promise<NodesReply> => ({
  text: String(await redis.cluster('NODES')),
  host: redis.options.host ?? '',
})

/** The first of these that can be used. */
const firstReady = (connections: readonly Redis[]): Promise<Redis> =>
  Promise.any(
    connections.map(async (redis) => {
      await redisReady(redis)
      return redis
    }),
  )

const isNoCluster = (error: unknown): boolean =>
  error instanceof Error && /cluster support disabled|^NOPERM/.test(error.message)

export type Found = {
  /** Open; the others are closed. */
  readonly redis: Redis
  /** null: it is no cluster, or the user may not ask. */
  readonly cluster: NodesReply | null
}

/**
 * Waits until one of the nodes can be used, and asks it whether it belongs to a cluster.
 * @throws SluiceError CONFIG_INVALID: several nodes, and no cluster
 */
export const findCluster = async (connections: readonly Redis[]): Promise<Found> => {
  const redis = await firstReady(connections)
  for (const other of connections) if (other !== redis) other.disconnect()
  try {
    return { redis, cluster: await askNodes(redis) }
  } catch (error) {
    if (isNoCluster(error) && connections.length === 1) return { redis, cluster: null }
    redis.disconnect()
    if (!isNoCluster(error)) throw error
    throw new SluiceError(
      'CONFIG_INVALID',
      'SLUICE_REDIS_URL names several nodes: expected a Redis Cluster, and a user with +cluster|nodes',
      { cause: error },
    )
  }
}

/** Asks anew those that were named in the configuration, when no other one answers. Never rejects. */
export const askSeeds = async (
  connections: readonly Redis[],
  timeoutMs: number,
): Promise<readonly NodesReply[]> => {
  try {
    const reply = await within(firstReady(connections).then(askNodes), timeoutMs)
    return reply === 'late' ? [] : [reply]
  } catch {
    return []
  } finally {
    for (const redis of connections) redis.disconnect()
  }
}
