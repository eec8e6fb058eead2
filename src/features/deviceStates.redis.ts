import type { Redis } from 'ioredis'
import type { DeviceHealth } from '../domain/deviceHealth.ts'
import { SluiceError } from '../errors.ts'
import { deviceOfReport, mergeDevices, type DeviceMemory } from './deviceState.ts'
import { decodeDevice, encodeDevice, stampLength, stampOf } from './deviceValue.ts'
import type { DeviceStates } from './deviceStates.ts'
import type { Hasher } from './hashing.ts'
import type { Keys } from './keys.ts'
import { createScript } from './scripts.redis.ts'

/**
 * ARGV[1] expiry in ms; then for each device: key, the stamp of the value that was merged ('' for none), new value.
 * Replaces the values that still are what was read. Returns the indexes, from 0, of those that are not.
 */
const replaceUnchanged = `#!lua flags=allow-cross-slot-keys
local stale = {}
for i = 2, #ARGV, 3 do
  if redis.call('GETRANGE', ARGV[i], 0, ${stampLength - 1}) == ARGV[i + 1] then
    redis.call('SET', ARGV[i], ARGV[i + 2], 'PX', ARGV[1])
  else
    stale[#stale + 1] = (i - 2) / 3
  end
end
return stale`

export type RedisDeviceStatesDeps = {
  readonly redis: Redis
  readonly keys: Keys
  readonly hasher: Hasher
  /** How long a device that says nothing more is remembered; 90 days by default. */
  readonly expiryMs?: number
}

type Said = { readonly key: string; readonly device: DeviceMemory }

/** Other writers may come between reading and writing; each round at least one of them has succeeded. */
const maxRounds = 20

const oneForEachDevice = (reports: readonly DeviceHealth[], keys: Keys): readonly Said[] => {
  const byKey = new Map<string, DeviceMemory>()
  for (const report of reports) {
    const key = keys.deviceState(report.deviceId)
    const said = deviceOfReport(report)
    const earlier = byKey.get(key)
    byKey.set(key, earlier === undefined ? said : mergeDevices(earlier, said))
  }
  return [...byKey].map(([key, device]) => ({ key, device }))
}

export const createRedisDeviceStates = (deps: RedisDeviceStatesDeps): DeviceStates => {
  const { redis, keys, hasher, expiryMs = 90 * 86_400_000 } = deps
  const script = createScript(redis, replaceUnchanged)

  const argumentsFor = ({ key, device }: Said, value: Buffer | null): readonly string[] => {
    const merged = value === null ? device : mergeDevices(decodeDevice(value), device)
    return [key, value === null ? '' : stampOf(value), encodeDevice(merged, hasher.hashContent)]
  }

  /** Returns those that somebody else changed meanwhile. */
  const round = async (said: readonly Said[]): Promise<readonly Said[]> => {
    const values = await Promise.all(said.map(({ key }) => redis.getBuffer(key)))
    const stale = await script(
      String(expiryMs),
      ...said.flatMap((each, i) => argumentsFor(each, values[i] ?? null)),
    )
    if (!Array.isArray(stale)) throw new TypeError('a script answered with something else than a list')
    return said.filter((_, i) => stale.includes(i))
  }

  return {
    apply: async (reports) => {
      try {
        let said = oneForEachDevice(reports, keys)
        for (let rounds = 0; said.length > 0; rounds++) {
          if (rounds === maxRounds)
            throw new Error(`${said.length} devices changed in each of ${maxRounds} rounds`)
          said = await round(said)
        }
      } catch (cause) {
        if (cause instanceof SluiceError) throw cause
        throw new SluiceError('REDIS_UNAVAILABLE', 'device reports could not be kept', {
          retriable: true,
          cause,
        })
      }
    },
  }
}
