import type { Redis } from 'ioredis'
import type { Use, UsedOnce, UseReply } from '../domain/usedOnce.ts'
import { SluiceError } from '../errors.ts'
import type { Keys } from './keys.ts'
import { createScript } from './scripts.redis.ts'

/**
 * ARGV[1], ARGV[2] times to live in ms of a claim and of a counter; ARGV[3] JSON: a list of { key, owner, counterKey,
 * counter }, the last two only where there is a counter; all keys on this node.
 * The first to claim a key keeps it, with the reply: 'FIRST', or 'NOT_RISEN' if the counter is not above all before.
 * Returns, for each: the owner who has it, and the reply that this owner got.
 */
const claimAll = `#!lua flags=allow-cross-slot-keys
local call, found = redis.call, {}
for i, use in ipairs(cjson.decode(ARGV[3])) do
  local held = call('GET', use.key)
  if not held then
    local reply = 'FIRST'
    if use.counterKey then
      local highest = tonumber(call('GET', use.counterKey) or '-1')
      if use.counter > highest then
        call('SET', use.counterKey, string.format('%.0f', use.counter), 'PX', ARGV[2])
      else
        reply = 'NOT_RISEN'
      end
    end
    held = reply .. ' ' .. use.owner
    call('SET', use.key, held, 'PX', ARGV[1])
  end
  found[i] = held
end
return found`

export type RedisUsedOnceDeps = {
  readonly redis: Redis
  readonly keys: Keys
  /** How long a use is remembered: longer than what it proves is young enough to be shown again. */
  readonly ttlMs: number
}

/** A device that comes back after a year is enrolled anew. */
const counterTtlMs = 400 * 86_400_000

const planOf = ({ id, owner, counter }: Use, keys: Keys): object =>
  counter === null
    ? { key: keys.usedOnce(id, id), owner }
    : {
        key: keys.usedOnce(id, counter.id),
        owner,
        counterKey: keys.usedOnce(counter.id, counter.id),
        counter: counter.value,
      }

const replyOf = (held: unknown, { owner }: Use): UseReply => {
  if (!Buffer.isBuffer(held)) throw new TypeError('a script answered with something else than texts')
  const text = held.toString()
  const space = text.indexOf(' ')
  if (text.slice(space + 1) !== owner) return 'USED'
  return text.slice(0, space) === 'FIRST' ? 'FIRST' : 'NOT_RISEN'
}

/** All instances agree: one script call for each batch. */
export const createRedisUsedOnce = ({ redis, keys, ttlMs }: RedisUsedOnceDeps): UsedOnce => {
  const script = createScript(redis, claimAll)
  return {
    claim: async (uses) => {
      if (uses.length === 0) return []
      try {
        const held = await script(
          String(ttlMs),
          String(counterTtlMs),
          JSON.stringify(uses.map((use) => planOf(use, keys))),
        )
        if (!Array.isArray(held)) throw new TypeError('a script answered with something else than a list')
        return uses.map((use, i) => replyOf(held[i], use))
      } catch (cause) {
        throw new SluiceError('REDIS_UNAVAILABLE', 'it is not known what was used before', {
          retriable: true,
          cause,
        })
      }
    },
  }
}
