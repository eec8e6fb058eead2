import type { Redis } from 'ioredis'
import { SluiceError } from '../src/errors.ts'
import { connectRedis, redisReady } from '../src/features/connection.redis.ts'
import { startServers, type Servers } from '../test/support/servers.ts'

/** Databases are emptied: only in a server that was started for this. @throws SluiceError USAGE */
export const startOwnRedis = async (): Promise<Servers> => {
  const servers = await startServers({ only: 'redis' })
  if (servers.pids.redis !== undefined) return servers
  await servers.close()
  throw new SluiceError('USAGE', 'this bench empties databases in a Redis of its own: unset SLUICE_REDIS_URL')
}

/** Calls of a bench may take long: nobody may take the server for dead. */
const silenceMs = 600_000

/** Resolves when commands can be sent. */
export const connectBench = async (url: string, name: string): Promise<Redis> => {
  const onError = (error: Error): void => void process.stderr.write(`${name}: ${error.message}\n`)
  const redis = connectRedis({ url, name: `bench:${name}`, onError, silenceMs })
  await redisReady(redis)
  return redis
}
