import { Redis } from 'ioredis'
import { forgiveStalls } from './silence.redis.ts'

export type RedisConnectionOptions = {
  /** `redis://` or `rediss://`. */
  readonly url: string
  /** Shown by CLIENT LIST. */
  readonly name: string
  /** Told of each error of the connection; commands report their own. */
  readonly onError: (error: Error) => void
  /** Silence after which a connection with commands under way counts as dead. */
  readonly silenceMs?: number
}

const retryDelayMs = (times: number): number => Math.min(50 * times, 500)

/**
 * A connection that never lets a command wait for better times: without Redis a command fails at once, and no
 * command is sent twice. It reconnects for ever. There is no timer per command: who calls sets one per script.
 */
export const connectRedis = ({ url, name, onError, silenceMs = 5_000 }: RedisConnectionOptions): Redis => {
  const redis = new Redis(url, {
    connectionName: name,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: retryDelayMs,
    connectTimeout: 2_000,
    socketTimeout: silenceMs,
    noDelay: true,
  })
  forgiveStalls(redis, silenceMs)
  redis.on('error', onError)
  return redis
}

/** Resolves when commands can be sent, or rejects with the connection's error when it ended for good. */
export const redisReady = (redis: Redis): Promise<void> =>
  new Promise((resolve, reject) => {
    if (redis.status === 'ready') return resolve()
    redis.once('ready', resolve)
    redis.once('end', () => reject(new Error('the Redis connection was ended')))
  })
