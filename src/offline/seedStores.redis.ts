import { redisReady, type RedisAccess } from '../features/connection.redis.ts'
import { createToBase } from '../features/baseCurrency.ts'
import { declareCovered } from '../features/coverage.redis.ts'
import { createRedisDeviceStates } from '../features/deviceStates.redis.ts'
import type { DeviceStates } from '../features/deviceStates.ts'
import { foldAll } from './foldAll.redis.ts'
import { foldingDefaults } from '../features/folding.redis.ts'
import { createHasher, type Hasher } from '../features/hashing.ts'
import { createKeys, keyVersion } from '../features/keys.ts'
import { defaultRetentionMs } from '../features/plan.ts'
import { connectOneRedis, refuseCluster } from '../features/oneRedis.redis.ts'
import { createRedisSeed, type Seed } from '../features/seed.redis.ts'
import { SluiceError } from '../errors.ts'

export type SeedStores = {
  readonly hasher: Hasher
  readonly seed: Seed
  readonly deviceStates: DeviceStates
  readonly isEmpty: () => Promise<boolean>
  /** Folds the long histories; returns how many. */
  readonly foldAll: () => Promise<number>
  /** Says that histories are complete from `since` (epoch ms) on. */
  readonly declareCovered: (since: number) => Promise<void>
  /** Removes every key of Sluice's from the database. */
  readonly clear: () => Promise<void>
  readonly close: () => void
}

export type SeedStoresOptions = {
  readonly url: string
  readonly access?: RedisAccess | undefined
  /** 16 bytes, as the processor's. */
  readonly hashKey: Buffer
  /** ISO 4217; amounts in other currencies are not known. */
  readonly baseCurrency: string
}

/** A call that appends thousands of payments may take long on a busy machine. */
const silenceMs = 60_000
const connectWithinMs = 10_000
const keysPerScan = 1_000

/** @throws SluiceError REDIS_UNAVAILABLE, USAGE */
export const openSeedStores = async (options: SeedStoresOptions): Promise<SeedStores> => {
  const errors: Error[] = []
  const redis = connectOneRedis({
    url: options.url,
    access: options.access,
    name: 'sluice:seed',
    onError: (error) => void errors.splice(0, 1, error),
    silenceMs,
  })
  const givenUp = setTimeout(() => redis.disconnect(), connectWithinMs)
  await redisReady(redis).catch(() => {
    throw new SluiceError('REDIS_UNAVAILABLE', 'Redis does not answer', { cause: errors[0] })
  })
  clearTimeout(givenUp)
  await refuseCluster(redis)

  const clear = async (): Promise<void> => {
    let cursor = '0'
    do {
      const [next, found] = await redis.scan(cursor, 'MATCH', `${keyVersion}:*`, 'COUNT', keysPerScan)
      if (found.length > 0) await redis.unlink(...found)
      cursor = next
    } while (cursor !== '0')
  }

  const hasher = createHasher(options.hashKey)
  const keys = createKeys(hasher)
  const toBase = createToBase({ currency: options.baseCurrency, rates: [] })
  return {
    hasher,
    seed: createRedisSeed({ redis, keys, toBase }),
    deviceStates: createRedisDeviceStates({ redis, keys, hasher }),
    isEmpty: async () => (await redis.dbsize()) === 0,
    foldAll: () =>
      foldAll(redis, { ...foldingDefaults, retentionMs: defaultRetentionMs }, foldingDefaults.foldAbove),
    declareCovered: (since) => declareCovered(redis, since),
    clear,
    close: () => redis.disconnect(),
  }
}
