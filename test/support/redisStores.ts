import type { Redis } from 'ioredis'
import { createAvailability } from '../../src/features/availability.redis.ts'
import { connectRedis, redisReady, type RedisAccess } from '../../src/features/connection.redis.ts'
import { createHasher } from '../../src/features/hashing.ts'
import type { Histories, HistoriesEvent } from '../../src/features/histories.ts'
import { createRedisHistories, type RedisHistoriesDeps } from '../../src/features/histories.redis.ts'
import { createKeys } from '../../src/features/keys.ts'

export const hasher = createHasher(Buffer.alloc(16, 3))
export const keys = createKeys(hasher)

/** A connection of a test's own; its errors show in what the test observes. */
export const connect = async (url: string, access?: RedisAccess): Promise<Redis> => {
  const redis = connectRedis({ url, access, name: 'sluice-test', onError: () => undefined })
  await redisReady(redis)
  return redis
}

export type OpenedHistories = Histories & { readonly events: Map<HistoriesEvent, number> }

/** An instance with caches of its own, and what it reported. */
export const openHistories = (
  redis: Redis,
  over: Partial<RedisHistoriesDeps> & {
    readonly commandTimeoutMs?: number
    readonly copiesMaxBytes?: number
  } = {},
): OpenedHistories => {
  const events = new Map<HistoriesEvent, number>()
  const availability = createAvailability({ redis, commandTimeoutMs: over.commandTimeoutMs ?? 5_000 })
  const histories = createRedisHistories({
    redis,
    availability,
    // What is held hangs on the keys: an instance has its own.
    keys: createKeys(hasher, over.copiesMaxBytes === undefined ? {} : { maxBytes: over.copiesMaxBytes }),
    now: () => 9_000,
    toBase: (amountMinor) => amountMinor,
    onEvent: (event, count) => events.set(event, (events.get(event) ?? 0) + count),
    ...over,
  })
  return {
    ...histories,
    events,
    close: async () => {
      await histories.close()
      availability.close()
    },
  }
}

/** Resolves when `condition` holds; the test's own time-out ends the wait. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve))
}
