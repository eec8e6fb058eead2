import { Redis, type RedisOptions } from 'ioredis'
import { forgiveStalls } from './silence.redis.ts'

/** How Redis is reached, beside its URL. */
export type RedisAccess = {
  /** For the user in the URL, or the default user; null: the one in the URL, if any. */
  readonly password: (() => Buffer) | null
  /** PEM, for `rediss://`; asked at each connection, so that renewed certificates count. */
  readonly tls: () => { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer }
}

export type RedisConnectionOptions = {
  /** `redis://` or `rediss://`. */
  readonly url: string
  /** Nothing beside the URL unless given. */
  readonly access?: RedisAccess | undefined
  /** Shown by CLIENT LIST. */
  readonly name: string
  /** Told of each error of the connection; commands report their own. */
  readonly onError: (error: Error) => void
  /** Silence after which a connection with commands under way counts as dead. */
  readonly silenceMs?: number
}

const openAccess: RedisAccess = { password: null, tls: () => ({}) }

const tlsOf = (access: RedisAccess): NonNullable<RedisOptions['tls']> => ({
  ...access.tls(),
  minVersion: 'TLSv1.2',
})

/** With files that cannot be read just now, the ones before serve. */
const renewTls = (redis: Redis, access: RedisAccess, onError: (error: Error) => void): void => {
  try {
    redis.options.tls = tlsOf(access)
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)))
  }
}

const retryDelayMs = (times: number): number => Math.min(50 * times, 500)

/**
 * A connection that never lets a command wait for better times: without Redis a command fails at once, and no
 * command is sent twice. It reconnects for ever. There is no timer per command: who calls sets one per script.
 */
export const connectRedis = ({
  url,
  access = openAccess,
  name,
  onError,
  silenceMs = 5_000,
}: RedisConnectionOptions): Redis => {
  const isTls = url.startsWith('rediss:')
  // What the URL says wins over options: `rediss:` is TLS without certificates of ours, and a user has a password there.
  const bare = new URL(url.replace(/^rediss:/, 'redis:'))
  const user = decodeURIComponent(bare.username)
  if (access.password !== null) bare.username = ''
  const redis = new Redis(bare.href, {
    ...(access.password === null
      ? {}
      : { password: access.password().toString(), ...(user === '' ? {} : { username: user }) }),
    ...(isTls ? { tls: tlsOf(access) } : {}),
    connectionName: name,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (times) => {
      if (isTls) renewTls(redis, access, onError)
      return retryDelayMs(times)
    },
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
