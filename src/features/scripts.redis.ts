import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

/** Sends one script; keys travel in its arguments, so that one call serves all keys of a node. */
export type RedisScript = (...args: readonly (string | Buffer)[]) => Promise<unknown>

const isNotLoaded = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('NOSCRIPT')

/**
 * Runs `lua` on the server by its digest, and loads it where the server does not know it (new, restarted, flushed).
 * Bulk replies are Buffers. Rejects as Redis does.
 */
export const createScript = (redis: Redis, lua: string): RedisScript => {
  const digest = createHash('sha1').update(lua).digest('hex')
  return async (...args) => {
    try {
      return await redis.callBuffer('EVALSHA', digest, '0', ...args)
    } catch (error) {
      if (!isNotLoaded(error)) throw error
      return redis.callBuffer('EVAL', lua, '0', ...args)
    }
  }
}

/** Flat reply of a script that answers only for some of what it was asked: `width` Buffers after each index. */
export const forEachIndexed = (
  reply: unknown,
  width: number,
  use: (index: number, values: readonly Buffer[]) => void,
): void => {
  if (!Array.isArray(reply)) throw new TypeError('a script answered with something else than a list')
  for (let i = 0; i < reply.length; i += width + 1) {
    const index: unknown = reply[i]
    const values: unknown[] = reply.slice(i + 1, i + 1 + width)
    if (typeof index !== 'number' || values.length !== width || !values.every(Buffer.isBuffer))
      throw new TypeError(`a script answered with something else than an index and ${width} values`)
    use(index, values)
  }
}
