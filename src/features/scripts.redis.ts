import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

export type ScriptArgs = readonly (string | Buffer)[]

/** Sends one script; keys travel in its arguments, so that one call serves all keys of a node. */
export type RedisScript = {
  (...args: ScriptArgs): Promise<unknown>
  /** Calls in their order, in one write: what one costs besides its work is paid once. */
  readonly inOrder: (calls: readonly ScriptArgs[]) => Promise<readonly unknown[]>
}

const isNotLoaded = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('NOSCRIPT')

/**
 * Runs `lua` on the server by its digest, and loads it where the server does not know it (new, restarted, flushed).
 * Bulk replies are Buffers. Rejects as Redis does.
 */
export const createScript = (redis: Redis, lua: string): RedisScript => {
  const digest = createHash('sha1').update(lua).digest('hex')

  const run = async (...args: ScriptArgs): Promise<unknown> => {
    try {
      return await redis.callBuffer('EVALSHA', digest, '0', ...args)
    } catch (error) {
      if (!isNotLoaded(error)) throw error
      return redis.callBuffer('EVAL', lua, '0', ...args)
    }
  }

  const inOrder = async (calls: readonly ScriptArgs[]): Promise<readonly unknown[]> => {
    const [only] = calls
    if (only !== undefined && calls.length === 1) return [await run(...only)]
    const pipeline = redis.pipeline()
    for (const args of calls) pipeline.callBuffer('EVALSHA', digest, '0', ...args)
    const replies = (await pipeline.exec()) ?? []
    // Where the script is not loaded none of the calls has run: they run again, one by one, in their order.
    if (replies.length > 0 && replies.every(([error]) => isNotLoaded(error))) {
      const again: unknown[] = []
      for (const args of calls) again.push(await run(...args))
      return again
    }
    return replies.map(([error, value]) => {
      if (error !== null) throw error
      return value
    })
  }
  return Object.assign(run, { inOrder })
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
