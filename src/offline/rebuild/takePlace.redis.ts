import type { Redis } from 'ioredis'
import { SluiceError } from '../../errors.ts'
import { keyOfRebuilt, rebuiltPattern } from '../../features/keys.ts'
import { createScript } from '../../features/scripts.redis.ts'
import { isUnreadable, liveLog, type UnreadableLogs } from './liveLogs.ts'
import type { RebuildNode } from './nodes.redis.ts'
import { rebuiltLog, type ReadRanges } from './rebuiltLog.ts'

/**
 * ARGV: run, expiry in ms, then pairs of a rebuilt log and the log whose place it takes. It does where nothing stands
 * there. Returns the indexes, from 0, of the others.
 */
const takeEmptyPlaces = `#!lua flags=allow-cross-slot-keys
local call, run, others = redis.call, ARGV[1], {}
for i = 3, #ARGV, 2 do
  local claim = call('GET', string.match(ARGV[i], '^.-}:') .. 'rebuild') or ''
  if claim:sub(1, #run) ~= run then return redis.error_reply('ERR the rebuild was taken over') end
  if call('STRLEN', ARGV[i + 1]) > 0 then
    others[#others + 1] = (i - 3) / 2
  elseif call('STRLEN', ARGV[i]) > 0 then
    call('RENAME', ARGV[i], ARGV[i + 1])
    call('PEXPIRE', ARGV[i + 1], ARGV[2])
  end
end
return others`

/**
 * ARGV: run, expiry in ms, rebuilt log, log, its expected length, first and last bytes of that, the bytes that take
 * their place. Keeps what was appended since. Returns 1, or 0 where the log is another one by now.
 */
const takePlace = `#!lua flags=allow-cross-slot-keys
local call, run, key, length = redis.call, ARGV[1], ARGV[4], tonumber(ARGV[5])
local claim = call('GET', string.match(key, '^.-}:') .. 'rebuild') or ''
if claim:sub(1, #run) ~= run then return redis.error_reply('ERR the rebuild was taken over') end
local first, last = ARGV[6], ARGV[7]
if call('STRLEN', key) < length then return 0 end
if call('GETRANGE', key, 0, #first - 1) ~= first then return 0 end
if call('GETRANGE', key, length - #last, length - 1) ~= last then return 0 end
call('SET', key, ARGV[8] .. call('GETRANGE', key, length, -1), 'PX', ARGV[2])
call('UNLINK', ARGV[3])
return 1`

/** ARGV: run, then rebuilt logs. Those in a shard that is somebody else's by now are somebody else's too. */
const unlinkOwn = `#!lua flags=allow-cross-slot-keys
local call, run = redis.call, ARGV[1]
for i = 2, #ARGV do
  local claim = call('GET', string.match(ARGV[i], '^.-}:') .. 'rebuild') or ''
  if claim:sub(1, #run) == run then call('UNLINK', ARGV[i]) end
end
return 0`

const comparedBytes = 64
const keysPerScan = 500
const rounds = 5
/** Each holds two logs in memory: a long one is some 50 KB. */
const mergedAtOnce = 32

export type TakePlaceDeps = {
  readonly run: string
  readonly expiryMs: number
  readonly ranges: ReadRanges
  /** null: one that cannot be read ends the run. */
  readonly unreadable: UnreadableLogs | null
  /** Told how many logs have taken their place, and of how many the live ones could not be read. */
  readonly onTaken: (logs: number, replaced: number) => void
}

/** Some of the keys that a node has at the moment. */
async function* scan(redis: Redis, pattern: string): AsyncGenerator<readonly string[], void, undefined> {
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', keysPerScan)
    if (keys.length > 0) yield keys
    cursor = next
  } while (cursor !== '0')
}

const nothing = Buffer.alloc(0)

/** Puts all rebuilt logs of a node into the places of the live ones, which lose nothing by it. Rejects as Redis does. */
export const takePlaces = async ({ redis }: RebuildNode, deps: TakePlaceDeps): Promise<void> => {
  const { run, expiryMs, ranges, onTaken } = deps
  const takeEmpty = createScript(redis, takeEmptyPlaces)
  const take = createScript(redis, takePlace)

  /** Whether what could not be read was given up. */
  const merge = async (key: string): Promise<boolean> => {
    const place = keyOfRebuilt(key)
    for (let round = 0; round < rounds; round++) {
      const [rebuilt, live] = await Promise.all([redis.getBuffer(key), redis.getBuffer(place)])
      if (rebuilt === null) return false
      const log = live ?? nothing
      const kept = liveLog(place, log, deps.unreadable)
      const whole = rebuiltLog(rebuilt, kept, ranges)
      const taken = await take(
        run,
        String(expiryMs),
        key,
        place,
        String(log.byteLength),
        log.subarray(0, comparedBytes),
        log.subarray(-comparedBytes),
        Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength),
      )
      if (taken === 1) return kept.isReplaced
    }
    throw new SluiceError('STOPPED', 'a history changed too often to be replaced: run it again', {
      retriable: true,
    })
  }

  for await (const keys of scan(redis, rebuiltPattern)) {
    const occupied = await takeEmpty(
      run,
      String(expiryMs),
      ...keys.flatMap((key) => [key, keyOfRebuilt(key)]),
    )
    if (!Array.isArray(occupied)) throw new TypeError('a script answered with something else than a list')
    const occupiedKeys = occupied.map((index) => keys[Number(index)] ?? '')
    let replaced = 0
    for (let from = 0; from < occupiedKeys.length; from += mergedAtOnce) {
      const merged = await Promise.all(occupiedKeys.slice(from, from + mergedAtOnce).map(merge))
      replaced += merged.filter(Boolean).length
    }
    onTaken(keys.length, replaced)
  }
}

/** Logs that stand where rebuilt ones are to go, and cannot be read. Rejects as Redis does. */
export const findUnreadable = async (
  { redis }: RebuildNode,
  found: (key: string, length: number) => void,
): Promise<void> => {
  for await (const keys of scan(redis, rebuiltPattern)) {
    const places = keys.map(keyOfRebuilt)
    for (let from = 0; from < places.length; from += mergedAtOnce)
      await Promise.all(
        places.slice(from, from + mergedAtOnce).map(async (place) => {
          const log = await redis.getBuffer(place)
          if (log !== null && isUnreadable(log)) found(place, log.byteLength)
        }),
      )
  }
}

/** Removes what earlier runs have left, where the shards are still this run's own. Rejects as Redis does. */
export const clearRebuilt = async ({ redis }: RebuildNode, run: string): Promise<void> => {
  const clear = createScript(redis, unlinkOwn)
  for await (const keys of scan(redis, rebuiltPattern)) await clear(run, ...keys)
}
