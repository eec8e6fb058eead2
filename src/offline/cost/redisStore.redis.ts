import { entityToken, entityTypes } from '../../domain/entity.ts'
import type { Received } from '../../domain/received.ts'
import { SluiceError } from '../../errors.ts'
import { createAvailability } from '../../features/availability.redis.ts'
import type { ToBase } from '../../features/baseCurrency.ts'
import { redisReady, type RedisAccess } from '../../features/connection.redis.ts'
import { bytesOfCopy } from '../../features/copies.ts'
import { declareCovered } from '../../features/coverage.redis.ts'
import type { EntityKey } from '../../features/entityKey.ts'
import type { FoldingOptions } from '../../features/folding.redis.ts'
import { createRedisHistories } from '../../features/histories.redis.ts'
import { keyVersion, type Keys } from '../../features/keys.ts'
import { connectOneRedis, refuseCluster } from '../../features/oneRedis.redis.ts'
import { entityBytesOf, type CostStore, type LogSize } from './costStore.ts'

export type RedisCostStoreOptions = {
  readonly url: string
  readonly access?: RedisAccess | undefined
  readonly keys: Keys
  readonly toBase: ToBase
  readonly folding: FoldingOptions
}

const connectWithinMs = 10_000
const commandTimeoutMs = 60_000
const keysPerScan = 1_000

/**
 * Histories in an empty Redis database, which is emptied again at the end.
 * @throws SluiceError REDIS_UNAVAILABLE, USAGE
 */
export const openRedisCostStore = async (options: RedisCostStoreOptions): Promise<CostStore> => {
  const { url, access, keys, toBase, folding } = options
  const errors: Error[] = []
  const redis = connectOneRedis({
    url,
    access,
    name: 'sluice:cost',
    onError: (error) => void errors.splice(0, 1, error),
    silenceMs: commandTimeoutMs,
  })
  const givenUp = setTimeout(() => redis.disconnect(), connectWithinMs)
  await redisReady(redis).catch(() => {
    throw new SluiceError('REDIS_UNAVAILABLE', 'Redis does not answer', { cause: errors[0] })
  })
  clearTimeout(givenUp)
  await refuseCluster(redis)
  if ((await redis.dbsize()) > 0) {
    redis.disconnect()
    throw new SluiceError(
      'USAGE',
      '--store redis needs an empty database: choose another with SLUICE_REDIS_URL (…/N)',
    )
  }
  await declareCovered(redis, 0)
  const availability = createAvailability({ redis, commandTimeoutMs })
  let newest = 0
  const histories = createRedisHistories({
    redis,
    availability,
    keys,
    toBase,
    folding,
    outcomesWait: true,
    now: () => newest,
    // Nobody else writes, and simulated minutes pass fast.
    copyMaxAgeMs: Infinity,
  })
  const met = entityTypes.map(() => new Set<EntityKey>())

  const meet = ({ payment, effectiveAt }: Received): void => {
    newest = Math.max(newest, effectiveAt)
    entityTypes.forEach((type, slot) => {
      const token = entityToken[type](payment)
      if (token !== null) met[slot]?.add(keys.entity(slot, token))
    })
  }

  const refuseAway = (): void => {
    if (availability.isAway())
      throw new SluiceError('REDIS_UNAVAILABLE', 'Redis does not answer', { cause: errors[0] })
  }

  /** Nothing where the key is gone. */
  const sizeOf = async ({ key, copy }: EntityKey): Promise<readonly LogSize[]> => {
    const [logBytes, redisBytes] = await Promise.all([
      redis.strlen(key),
      redis.memory('USAGE', key, 'SAMPLES', 0),
    ])
    return redisBytes === null
      ? []
      : [{ logBytes, redisBytes, copyBytes: copy === null ? 0 : bytesOfCopy(copy.history) }]
  }

  const clear = async (): Promise<void> => {
    let cursor = '0'
    do {
      const [next, found] = await redis.scan(cursor, 'MATCH', `${keyVersion}:*`, 'COUNT', keysPerScan)
      if (found.length > 0) await redis.unlink(...found)
      cursor = next
    } while (cursor !== '0')
  }

  return {
    remember: async (batch) => {
      batch.forEach(meet)
      const recalled = await histories.remember(batch)
      refuseAway()
      await histories.conclude(batch.map((received) => ({ received, outcome: 'ALLOW' })))
      return recalled
    },
    note: histories.note,
    sizes: async () => {
      await histories.flush()
      return Promise.all(
        met.map(async (entities, slot) =>
          entityBytesOf(slot, (await Promise.all([...entities].map(sizeOf))).flat()),
        ),
      )
    },
    close: async () => {
      await histories.close()
      availability.close()
      await clear()
      redis.disconnect()
    },
  }
}
