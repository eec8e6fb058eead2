import type { Redis } from 'ioredis'
import { coverageKey, shardCount } from './keys.ts'
import { createScript } from './scripts.redis.ts'

/**
 * ARGV[1] now; then pairs of a marker's key and a time, epoch ms. Moves each marker up to that time, never back;
 * a marker that is gone becomes now: its shard's histories went with it.
 */
const raiseMarkers = `#!lua flags=allow-cross-slot-keys
for i = 2, #ARGV, 2 do
  local since = redis.call('GET', ARGV[i])
  if not since then
    redis.call('SET', ARGV[i], ARGV[1])
  elseif tonumber(since) < tonumber(ARGV[i + 1]) then
    redis.call('SET', ARGV[i], ARGV[i + 1])
  end
end
return 0`

const allShards = Array.from({ length: shardCount }, (_, shard) => shard)

/**
 * Says that all histories are complete from `since` (epoch ms) on: for whoever has just filled an empty Redis, or
 * knows that there is nothing older. Rejects when Redis is away.
 */
export const declareCovered = async (redis: Redis, since: number): Promise<void> => {
  await redis.mset(...allShards.flatMap((shard) => [coverageKey(shard), String(since)]))
}

/** Says that histories lack payments: by shard, epoch ms of the newest one that is lost. Rejects as Redis does. */
export const createDeclareLost = (
  redis: Redis,
): ((lostUntil: ReadonlyMap<number, number>, now: number) => Promise<void>) => {
  const script = createScript(redis, raiseMarkers)
  return async (lostUntil, now) => {
    const times = [...lostUntil].flatMap(([shard, until]) => [
      coverageKey(shard),
      String(Math.floor(until) + 1),
    ])
    await script(String(now), ...times)
  }
}
