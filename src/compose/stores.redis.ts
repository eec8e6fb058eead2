import type { Redis } from 'ioredis'
import type { Config } from '../config.ts'
import type { DeviceStates } from '../features/deviceStates.ts'
import { createAvailability, type Availability } from '../features/availability.redis.ts'
import type { ToBase } from '../features/baseCurrency.ts'
import { connectRedis } from '../features/connection.redis.ts'
import { createRedisDeviceStates } from '../features/deviceStates.redis.ts'
import { createHasher, type Hasher } from '../features/hashing.ts'
import type { Histories, HistoriesEvent } from '../features/histories.ts'
import { foldingDefaults } from '../features/folding.redis.ts'
import { createRedisHistories } from '../features/histories.redis.ts'
import { createRedisJournal } from '../features/journal.redis.ts'
import type { Journal } from '../domain/journal.ts'
import { createKeys } from '../features/keys.ts'

/** Everything that is held in Redis, over one connection. */
export type Stores = {
  readonly redis: Redis
  readonly availability: Availability
  readonly hasher: Hasher
  readonly histories: Histories
  /** Memory that entities and copies of their histories take in this instance, roughly. */
  readonly copyBytes: () => number
  readonly journal: Journal
  readonly deviceStates: DeviceStates
  readonly close: () => Promise<void>
}

export type StoresDeps = {
  readonly config: Config
  readonly toBase: ToBase
  readonly now: () => number
  readonly onHistories: (event: HistoriesEvent, count: number) => void
  readonly onAvailable: (available: boolean) => void
  /** Told of each error of the connection. */
  readonly onError: (error: Error) => void
  /** Told why a call to Redis failed; from then on Redis counts as away. */
  readonly onFailedCall: (error: unknown) => void
}

export const openStores = ({
  config,
  toBase,
  now,
  onHistories,
  onAvailable,
  onError,
  onFailedCall,
}: StoresDeps): Stores => {
  const redis = connectRedis({ url: config.redisUrl, name: `sluice:${config.instanceId}`, onError })
  const availability = createAvailability({
    redis,
    commandTimeoutMs: config.redisTimeoutMs,
    onError: onFailedCall,
    onEvent: (event) => {
      if (event === 'away' || event === 'back') onAvailable(event === 'back')
    },
  })
  const hasher = createHasher(config.hashKey())
  const keys = createKeys(hasher, { maxBytes: config.copyCacheBytes })
  const histories = createRedisHistories({
    redis,
    availability,
    keys,
    toBase,
    now,
    onEvent: onHistories,
    copyMaxAgeMs: config.copyMaxAgeMs,
    outcomesWait: true,
    folding: { ...foldingDefaults, retentionMs: config.historyRetentionDays * 86_400_000 },
  })
  return {
    redis,
    availability,
    hasher,
    histories,
    copyBytes: () => keys.bytes,
    journal: createRedisJournal({ redis, availability, keys, ttlMs: config.journalTtlMs }),
    deviceStates: createRedisDeviceStates({ redis, keys, hasher }),
    close: async () => {
      await histories.close()
      availability.close()
      redis.disconnect()
    },
  }
}
