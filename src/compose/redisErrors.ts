import type { Log } from '../ops/log.ts'

/** Redis says why it lets nobody in, and TLS why it does not come about: that does not go away by waiting. */
const needsSomebody = /WRONGPASS|NOAUTH|NOPERM|certificate|SSL|TLS|CONFIG_INVALID/i

/** Each reason that somebody must do something about is told once, the rest of each connection's fate to who debugs. */
export const createRedisErrors = (log: Log): ((error: Error) => void) => {
  const told = new Set<string>()
  return (error) => {
    if (!needsSomebody.test(error.message) || told.has(error.message)) {
      log.debug({ error }, 'the Redis connection failed')
      return
    }
    told.add(error.message)
    log.error({ error }, 'Redis does not let us in')
  }
}
