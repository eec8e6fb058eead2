import type { DeviceHealth } from '../domain/deviceHealth.ts'
import { SluiceError } from '../errors.ts'
import type { ClusterMap } from './clusterMap.redis.ts'
import { createRedisDeviceStates } from './deviceStates.redis.ts'
import type { DeviceStates } from './deviceStates.ts'
import { groupedBy } from './grouped.ts'
import type { Hasher } from './hashing.ts'
import { shardOfKey, type Keys } from './keys.ts'

export type ClusterDeviceStatesDeps = {
  readonly map: ClusterMap
  readonly keys: Keys
  readonly hasher: Hasher
}

/** Device states on the masters of a cluster. Reports of which one could not be kept are all delivered again. */
export const createClusterDeviceStates = ({ map, keys, hasher }: ClusterDeviceStatesDeps): DeviceStates => {
  const opened = new Map<number, DeviceStates>()
  const statesOf = (number: number): DeviceStates => {
    const node = map.nodes[number]
    if (node === undefined)
      throw new SluiceError('REDIS_UNAVAILABLE', 'no node of the cluster holds the device', {
        retriable: true,
      })
    const known = opened.get(number)
    if (known !== undefined) return known
    const states = createRedisDeviceStates({ redis: node.redis, keys, hasher })
    opened.set(number, states)
    return states
  }
  const nodeOf = ({ deviceId }: DeviceHealth): number => map.nodeOf(shardOfKey(keys.deviceState(deviceId)))

  /** Each node is waited for, so that those that are there have kept theirs. */
  const applyOnce = async (reports: readonly DeviceHealth[]): Promise<void> => {
    const byNode = [...groupedBy(reports, nodeOf)]
    const results = await Promise.allSettled(
      byNode.map(async ([number, some]) => statesOf(number).apply(some)),
    )
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  return {
    apply: async (reports) => {
      const { version } = map
      try {
        await applyOnce(reports)
      } catch (error) {
        await map.refresh()
        if (map.version === version) throw error
        await applyOnce(reports)
      }
    },
  }
}
