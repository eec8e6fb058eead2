import type { Redis } from 'ioredis'
import type { Appends, Touched } from '../../features/appends.ts'
import { createBoundedMap } from '../../features/boundedMap.ts'
import { createFoldLog, type FoldingOptions } from '../../features/folding.redis.ts'
import { rebuiltKey } from '../../features/keys.ts'
import { paymentRecordBytes } from '../../features/record.ts'
import { createScript } from '../../features/scripts.redis.ts'
import { shareAppends } from '../../features/shares.ts'
import type { RebuildNodes } from './nodes.redis.ts'

/** Logs under construction, beside those that are in use. */
export type StagedLogs = {
  /** Appends to the logs of shards that are wanted, and folds those that have become long. Rejects as Redis does. */
  append(appends: Appends): Promise<void>
  /** Records, once for each log. */
  readonly records: number
}

/** What a run that was killed leaves behind goes by itself; no run takes longer. */
export const stagedForMs = 172_800_000

/**
 * ARGV[1] JSON: run; size: bytes of a record; logs; records: for each log the numbers of its records; limits: for each
 * log the length from which on it is long; expiry: ms.
 * ARGV[2] the records, one after the other.
 * Returns the indexes, from 0, of the logs that are long, or an error where a shard is no longer claimed by the run.
 */
const stage = `#!lua flags=allow-cross-slot-keys
local call, sub, match = redis.call, string.sub, string.match
local plan = cjson.decode(ARGV[1])
local blob, size, run = ARGV[2], plan.size, plan.run
local long = {}
for i, key in ipairs(plan.logs) do
  local claim = call('GET', match(key, '^.-}:') .. 'rebuild')
  if not claim or sub(claim, 1, #run) ~= run then return redis.error_reply('ERR the rebuild was taken over') end
  local parts = {}
  for j, each in ipairs(plan.records[i]) do parts[j] = sub(blob, each * size + 1, each * size + size) end
  local value = table.concat(parts)
  local length = call('APPEND', key, value)
  if length == #value then call('PEXPIRE', key, plan.expiry) end
  if length > plan.limits[i] then long[#long + 1] = i - 1 end
end
return long`

/** Logs that are kept in mind as long, with the length at which each is folded next. */
const longLogs = 500_000

export type StagedLogsDeps = {
  readonly nodes: RebuildNodes
  readonly run: string
  readonly folding: FoldingOptions
  /** Others are whole as they are. */
  readonly wants: (shard: number) => boolean
}

const indexesOf = (reply: unknown): readonly number[] => {
  if (Array.isArray(reply)) return reply.map(Number)
  throw new TypeError('a script answered with something else than a list')
}

export const createStagedLogs = ({ nodes, run, folding, wants }: StagedLogsDeps): StagedLogs => {
  const foldBytes = folding.foldAbove * paymentRecordBytes
  const foldedAt = createBoundedMap<string, number>(longLogs)
  const scripts = nodes.nodes.map(({ redis }) => createScript(redis, stage))
  const foldLogs = nodes.nodes.map(({ redis }) => createFoldLog(redis, folding))
  let records = 0

  /** As beside payments: once more when as many payments have come as a fold takes away. */
  const foldOne = async (node: number, redis: Redis, key: string): Promise<void> => {
    await foldLogs[node]?.(key)
    foldedAt.set(key, (await redis.strlen(key)) + (folding.foldAbove - folding.keep) * paymentRecordBytes)
  }

  const stageOn = async (node: number, { touched, recordBytes, records: bytes }: Appends): Promise<void> => {
    const wanted = touched.filter(({ entity }) => wants(entity.shard))
    const logs = wanted.map(({ entity }) => rebuiltKey(entity.key))
    const redis = nodes.nodes[node]?.redis
    if (wanted.length === 0 || redis === undefined) return
    const plan = {
      run,
      size: recordBytes,
      logs,
      records: wanted.map((each: Touched) => each.records),
      limits: logs.map((key) => foldedAt.get(key) ?? foldBytes),
      expiry: stagedForMs,
    }
    const long = indexesOf(await scripts[node]?.(JSON.stringify(plan), bytes))
    await Promise.all(long.map((index) => foldOne(node, redis, logs[index] ?? '')))
    records += wanted.reduce((sum, each) => sum + each.records.length, 0)
  }

  return {
    append: async (appends) => {
      await Promise.all([...shareAppends(appends, nodes.nodeOf)].map(([node, part]) => stageOn(node, part)))
    },
    get records() {
      return records
    },
  }
}
