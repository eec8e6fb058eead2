import { SluiceError } from '../errors.ts'
import type { DeviceMemory } from './deviceState.ts'
import { decodeDevice } from './deviceValue.ts'
import { askPerNode, type KeyedNodes } from './keyedNodes.redis.ts'
import type { Keys } from './keys.ts'

/** What was known of devices, in their order; null: one never reported. @throws SluiceError REDIS_UNAVAILABLE */
export type ReadDevices = (deviceIds: readonly string[]) => Promise<readonly (DeviceMemory | null)[]>

export const createReadDevices = (nodes: KeyedNodes, keys: Keys): ReadDevices => {
  const noValue = Buffer.alloc(0)
  return async (deviceIds) => {
    const values = await askPerNode(nodes, deviceIds, keys.deviceState, ({ redis }, some) =>
      Promise.all(some.map(async (id) => (await redis.getBuffer(keys.deviceState(id))) ?? noValue)),
    )
    return values.map((value) => {
      if (value === null)
        throw new SluiceError('REDIS_UNAVAILABLE', 'Redis does not tell what was known of a device', {
          retriable: true,
        })
      return value.length === 0 ? null : decodeDevice(value)
    })
  }
}
