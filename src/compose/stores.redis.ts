import type { Config } from '../config.ts'
import type { ToBase } from '../features/baseCurrency.ts'
import { foldingDefaults } from '../features/folding.redis.ts'
import { createHasher, type Hasher } from '../features/hashing.ts'
import type { HistoriesEvent } from '../features/histories.ts'
import { createKeys, type Keys } from '../features/keys.ts'
import { redisAccessOf } from './access.ts'
import { openRedisStores, type RedisStores } from './openRedis.redis.ts'

/** Everything that is held in Redis. */
export type Stores = RedisStores & {
  readonly hasher: Hasher
  readonly keys: Keys
  /** Memory that entities and copies of their histories take in this instance, roughly. */
  readonly copyBytes: () => number
}

export type StoresDeps = {
  readonly config: Config
  readonly toBase: ToBase
  readonly now: () => number
  readonly onHistories: (event: HistoriesEvent, count: number) => void
  /** Told the addresses that do not answer, each time these change. */
  readonly onMissing: (addresses: readonly string[]) => void
  /** Told of each error of a connection. */
  readonly onError: (error: Error) => void
  /** Told why a call to Redis failed; from then on its node counts as away. */
  readonly onFailedCall: (error: unknown) => void
}

/**
 * What is too old to be shown again need not be remembered; but a partition may be read later than another, and a day
 * is more than side topics ever lag while payments are decided.
 */
export const usedOnceTtl = (maxAgeMs: number): number => maxAgeMs + 86_400_000

/** Resolves when Redis can be used. */
export const openStores = async ({
  config,
  toBase,
  now,
  onHistories,
  ...told
}: StoresDeps): Promise<Stores> => {
  const hasher = createHasher(config.hashKey())
  const keys = createKeys(hasher, { maxBytes: config.copyCacheBytes })
  const stores = await openRedisStores({
    ...told,
    url: config.redisUrl,
    access: redisAccessOf(config),
    name: `sluice:${config.instanceId}`,
    commandTimeoutMs: config.redisTimeoutMs,
    hasher,
    histories: {
      keys,
      toBase,
      now,
      onEvent: onHistories,
      copyMaxAgeMs: config.copyMaxAgeMs,
      outcomesWait: true,
      folding: { ...foldingDefaults, retentionMs: config.historyRetentionDays * 86_400_000 },
    },
    journalTtlMs: config.journalTtlMs,
    usedOnceTtlMs: usedOnceTtl(config.attestationMaxAgeMs),
  })
  return { ...stores, hasher, keys, copyBytes: () => keys.bytes }
}
