import { setTimeout as delay } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { SluiceError } from '../../errors.ts'
import { createAvailability } from '../../features/availability.redis.ts'
import { redisReady, type RedisAccess } from '../../features/connection.redis.ts'
import { declareCovered } from '../../features/coverage.redis.ts'
import { createRedisDeviceStates } from '../../features/deviceStates.redis.ts'
import type { DeviceStates } from '../../features/deviceStates.ts'
import { createHasher } from '../../features/hashing.ts'
import { createRedisHistories } from '../../features/histories.redis.ts'
import type { Histories, ToBase } from '../../features/histories.ts'
import { createKeys } from '../../features/keys.ts'
import { connectOneRedis, refuseCluster } from '../../features/oneRedis.redis.ts'
import { replayHashKey } from './memory.ts'
import type { ReplayClock } from './replay.ts'

export type RedisReplayStores = {
  readonly histories: Histories
  readonly devices: DeviceStates
  readonly close: () => Promise<void>
}

export type RedisReplayOptions = {
  readonly url: string
  readonly access?: RedisAccess | undefined
  readonly toBase: ToBase
  readonly clock: ReplayClock
  /** Epoch ms. Default: there was nothing before the first payment. */
  readonly coveredSince?: number | undefined
}

/** A replay waits rather than going on without a history. */
const commandTimeoutMs = 10_000

const answering = async (redis: Redis): Promise<void> => {
  const waited = new AbortController()
  const tooLong = delay(commandTimeoutMs, undefined, { signal: waited.signal }).then(() => {
    throw new Error('no connection in time')
  })
  await Promise.race([redisReady(redis), tooLong]).finally(() => waited.abort())
}

const unavailable = (cause?: unknown): SluiceError =>
  new SluiceError('REDIS_UNAVAILABLE', 'Redis does not answer', { cause, retriable: true })

/**
 * Stores in an empty Redis database: what is in another one would become part of the features, and the replay part
 * of that. A history that cannot be read ends the replay. @throws SluiceError REDIS_UNAVAILABLE, USAGE
 */
export const openRedisReplayStores = async (options: RedisReplayOptions): Promise<RedisReplayStores> => {
  const { url, access, toBase, clock, coveredSince = 0 } = options
  const errors: Error[] = []
  const redis = connectOneRedis({
    url,
    access,
    name: 'sluice:replay',
    onError: (error) => void errors.splice(0, 1, error),
  })
  await answering(redis).catch(() => {
    redis.disconnect()
    throw unavailable(errors[0])
  })
  await refuseCluster(redis)
  if ((await redis.dbsize()) > 0) {
    redis.disconnect()
    throw new SluiceError(
      'USAGE',
      '--store redis needs an empty database: choose another with SLUICE_REDIS_URL (…/N)',
    )
  }
  await declareCovered(redis, coveredSince)
  const availability = createAvailability({ redis, commandTimeoutMs })
  const hasher = createHasher(replayHashKey)
  const keys = createKeys(hasher)
  const histories = createRedisHistories({
    redis,
    availability,
    keys,
    toBase,
    now: () => clock.at,
    // Nobody else writes, and simulated minutes pass fast.
    copyMaxAgeMs: Infinity,
  })
  return {
    histories: {
      ...histories,
      remember: async (batch, outcomes) => {
        const recalled = await histories.remember(batch, outcomes)
        if (availability.isAway()) throw unavailable(errors[0])
        return recalled
      },
    },
    devices: createRedisDeviceStates({ redis, keys, hasher }),
    close: async () => {
      await histories.close()
      availability.close()
      redis.disconnect()
    },
  }
}
