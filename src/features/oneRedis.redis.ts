import type { Redis } from 'ioredis'
import { SluiceError } from '../errors.ts'
import { redisUrlsOf } from '../redisUrls.ts'
import { connectRedis, type RedisConnectionOptions } from './connection.redis.ts'
import { askNodes } from './findCluster.redis.ts'

const wanted = (): SluiceError =>
  new SluiceError(
    'USAGE',
    'SLUICE_REDIS_URL names a cluster: this wants one Redis, with a database to itself',
  )

/** For tools that fill or empty a whole database. @throws SluiceError USAGE where several nodes are named */
export const connectOneRedis = (options: RedisConnectionOptions): Redis => {
  if ((redisUrlsOf(options.url) ?? []).length > 1) throw wanted()
  return connectRedis(options)
}

/** Once it answers. @throws SluiceError USAGE, with the connection closed */
export const refuseCluster = async (redis: Redis): Promise<void> => {
  const isCluster = await askNodes(redis).then(
    () => true,
    () => false,
  )
  if (!isCluster) return
  redis.disconnect()
  throw wanted()
}
