import type { Use, UsedOnce, UseReply } from '../domain/usedOnce.ts'
import { SluiceError } from '../errors.ts'
import type { ClusterMap } from './clusterMap.redis.ts'
import { groupedBy } from './grouped.ts'
import { shardOfKey, type Keys } from './keys.ts'
import { createRedisUsedOnce } from './usedOnce.redis.ts'

export type ClusterUsedOnceDeps = {
  readonly map: ClusterMap
  readonly keys: Keys
  readonly ttlMs: number
}

/** On the masters of a cluster. What was claimed before a node failed is claimed by the same owner the next time. */
export const createClusterUsedOnce = ({ map, keys, ttlMs }: ClusterUsedOnceDeps): UsedOnce => {
  const opened = new Map<number, UsedOnce>()
  const onNode = (number: number): UsedOnce => {
    const node = map.nodes[number]
    if (node === undefined)
      throw new SluiceError('REDIS_UNAVAILABLE', 'no node of the cluster holds what was used', {
        retriable: true,
      })
    const known = opened.get(number)
    if (known !== undefined) return known
    const usedOnce = createRedisUsedOnce({ redis: node.redis, keys, ttlMs })
    opened.set(number, usedOnce)
    return usedOnce
  }
  const nodeOf = ({ id, counter }: Use): number =>
    map.nodeOf(shardOfKey(keys.usedOnce(id, counter?.id ?? id)))

  const claimOnce = async (uses: readonly Use[]): Promise<readonly UseReply[]> => {
    const replies = new Map<Use, UseReply>()
    const results = await Promise.allSettled(
      [...groupedBy(uses, nodeOf)].map(async ([number, some]) => {
        const given = await onNode(number).claim(some)
        some.forEach((use, i) => replies.set(use, given[i] ?? 'USED'))
      }),
    )
    for (const result of results) if (result.status === 'rejected') throw result.reason
    return uses.map((use) => replies.get(use) ?? 'USED')
  }

  return {
    claim: async (uses) => {
      const { version } = map
      try {
        return await claimOnce(uses)
      } catch (error) {
        await map.refresh()
        if (map.version === version) throw error
        return claimOnce(uses)
      }
    },
  }
}
