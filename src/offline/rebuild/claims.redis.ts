import type { Redis } from 'ioredis'
import { SluiceError } from '../../errors.ts'
import { coverageKey, rebuildKey } from '../../features/keys.ts'
import { createScript } from '../../features/scripts.redis.ts'
import type { RebuildNode } from './nodes.redis.ts'

/**
 * While a shard is claimed nobody else rebuilds it; while it is `merging` no log in it is folded either. A claim lapses
 * unless it is renewed, and whatever changes a shard for a rebuild looks first whether the claim is still its own.
 */
export type Phase = 'reading' | 'merging'

/** Epoch ms as Redis holds it, by shard: since when histories are complete. */
export type Markers = ReadonlyMap<number, string>

export type Claims = {
  /**
   * Claims all shards, and answers with their coverage markers; a shard that has none gets `now`.
   * @throws SluiceError REBUILD_UNDER_WAY
   */
  take(now: number): Promise<Markers>
  /** Claims them for another while. @throws SluiceError REBUILD_UNDER_WAY if they are somebody else's by now */
  renew(phase: Phase): Promise<void>
  /** As they are now. */
  markers(): Promise<Markers>
  /**
   * Moves the markers of shards to `since` where they still are what was `expected`: otherwise something was lost
   * meanwhile. Answers with the shards that were moved.
   */
  moveMarkers(expected: Markers, since: number): Promise<readonly number[]>
  release(): Promise<void>
}

export const claimMs = 20_000

/** ARGV: run, phase, ms, '1' to take what nobody has, then the keys. Returns 0 if one of them is somebody else's. */
const claim = `#!lua flags=allow-cross-slot-keys
local run, call = ARGV[1], redis.call
for i = 5, #ARGV do
  local holder = call('GET', ARGV[i])
  if (holder and holder:sub(1, #run) ~= run) or (not holder and ARGV[4] ~= '1') then return 0 end
end
for i = 5, #ARGV do call('SET', ARGV[i], run .. ' ' .. ARGV[2], 'PX', ARGV[3]) end
return 1`

/** ARGV: value for markers that are not there, then their keys. Returns the values. */
const readMarkers = `#!lua flags=allow-cross-slot-keys
local values = {}
for i = 2, #ARGV do
  values[i - 1] = redis.call('GET', ARGV[i])
  if not values[i - 1] then
    values[i - 1] = ARGV[1]
    redis.call('SET', ARGV[i], ARGV[1])
  end
end
return values`

/** ARGV: run, new value, then for each shard: key of its claim, of its marker, expected value. Returns 1 or 0 for each. */
const moveMarkers = `#!lua flags=allow-cross-slot-keys
local run, call, moved = ARGV[1], redis.call, {}
for i = 3, #ARGV, 3 do
  local isOwn = (call('GET', ARGV[i]) or ''):sub(1, #run) == run
  moved[#moved + 1] = isOwn and call('GET', ARGV[i + 1]) == ARGV[i + 2] and 1 or 0
  if moved[#moved] == 1 then call('SET', ARGV[i + 1], ARGV[2]) end
end
return moved`

/** ARGV: run, then the keys. */
const release = `#!lua flags=allow-cross-slot-keys
for i = 2, #ARGV do
  if (redis.call('GET', ARGV[i]) or ''):sub(1, #ARGV[1]) == ARGV[1] then redis.call('UNLINK', ARGV[i]) end
end
return 0`

const underWay = (message: string): SluiceError =>
  new SluiceError('REBUILD_UNDER_WAY', message, { retriable: true })

const listOf = (reply: unknown): readonly unknown[] => {
  if (Array.isArray(reply)) return reply
  throw new TypeError('a script answered with something else than a list')
}

const scriptsOf = (redis: Redis) => ({
  claim: createScript(redis, claim),
  readMarkers: createScript(redis, readMarkers),
  moveMarkers: createScript(redis, moveMarkers),
  release: createScript(redis, release),
})

/** @param run names this rebuild; no other one has it */
export const createClaims = (nodes: readonly RebuildNode[], run: string): Claims => {
  const all = nodes.map(({ redis, shards }) => ({ shards, scripts: scriptsOf(redis) }))

  const claimAll = (phase: Phase, isNew: boolean): Promise<readonly unknown[]> =>
    Promise.all(
      all.map(({ shards, scripts }) =>
        scripts.claim(run, phase, String(claimMs), isNew ? '1' : '0', ...shards.map(rebuildKey)),
      ),
    )

  const markers = async (missing: string): Promise<Markers> => {
    const values = await Promise.all(
      all.map(async ({ shards, scripts }) =>
        listOf(await scripts.readMarkers(missing, ...shards.map(coverageKey))).map(
          (value, i) => [shards[i] ?? -1, String(value)] as const,
        ),
      ),
    )
    return new Map(values.flat())
  }

  const releaseAll = async (): Promise<void> => {
    await Promise.all(all.map(({ shards, scripts }) => scripts.release(run, ...shards.map(rebuildKey))))
  }

  return {
    take: async (now) => {
      if ((await claimAll('reading', true)).includes(0)) {
        await releaseAll()
        throw underWay(
          `another rebuild is under way; one that was killed lets go within ${claimMs / 1000} seconds`,
        )
      }
      return markers(String(now))
    },
    renew: async (phase) => {
      if ((await claimAll(phase, false)).includes(0))
        throw underWay('Redis was emptied, or another rebuild has taken over: run it again')
    },
    markers: () => markers(String(Date.now())),
    moveMarkers: async (expected, since) => {
      const moved = await Promise.all(
        all.map(async ({ shards, scripts }) => {
          const own = shards.filter((shard) => expected.has(shard))
          const reply = await scripts.moveMarkers(
            run,
            String(since),
            ...own.flatMap((shard) => [rebuildKey(shard), coverageKey(shard), expected.get(shard) ?? '']),
          )
          return own.filter((_, i) => listOf(reply)[i] === 1)
        }),
      )
      return moved.flat()
    },
    release: releaseAll,
  }
}
