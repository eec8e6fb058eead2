import type { Redis } from 'ioredis'
import type { Availability } from './availability.redis.ts'
import type { Journal, JournalEntry, JournalReply } from '../domain/journal.ts'
import type { Keys } from './keys.ts'
import { createScript, forEachIndexed } from './scripts.redis.ts'

/**
 * ARGV[1] time to live in ms; ARGV[2] JSON: { keys, ends: where each key's value ends in ARGV[3] }; ARGV[3] values.
 * Sets each key that is absent, in order. Returns, for each that was not: its index from 0, its value.
 */
const setAbsent = `#!lua flags=allow-cross-slot-keys
local call, sub = redis.call, string.sub
local plan = cjson.decode(ARGV[2])
local ttl, values, from, found = ARGV[1], ARGV[3], 1, {}
for i, key in ipairs(plan.keys) do
  local upTo = plan.ends[i]
  local earlier = call('SET', key, sub(values, from, upTo), 'NX', 'GET', 'PX', ttl)
  from = upTo + 1
  if earlier then
    found[#found + 1] = i - 1
    found[#found + 1] = earlier
  end
end
return found`

export type RedisJournalDeps = {
  readonly redis: Redis
  readonly availability: Availability
  readonly keys: Keys
  /** How long an answer is remembered; 1 h by default. */
  readonly ttlMs?: number
}

/** A value is the 8 bytes of the content hash and then the answer. */
const contentBytes = 8

const plan = (
  entries: readonly JournalEntry[],
  keys: Keys,
): { readonly json: string; readonly values: Buffer } => {
  const ends: number[] = []
  let end = 0
  for (const { bytes } of entries) ends.push((end += contentBytes + bytes.byteLength))
  const values = Buffer.allocUnsafe(end)
  entries.forEach(({ contentHash, bytes }, i) => {
    const at = (ends[i] ?? 0) - bytes.byteLength
    values.write(contentHash, at - contentBytes, contentBytes, 'hex')
    bytes.copy(values, at)
  })
  return {
    values,
    json: JSON.stringify({
      keys: entries.map(({ paymentId, attempt }) => keys.journal(paymentId, attempt)),
      ends,
    }),
  }
}

const earlierReply = (entry: JournalEntry, value: Buffer): JournalReply =>
  value.toString('hex', 0, contentBytes) === entry.contentHash
    ? { kind: 'repeated', bytes: value.subarray(contentBytes) }
    : { kind: 'reused' }

const repliesOf = (entries: readonly JournalEntry[], found: unknown): readonly JournalReply[] => {
  const replies: JournalReply[] = entries.map(() => ({ kind: 'first' }))
  forEachIndexed(found, 1, (index, [value]) => {
    const entry = entries[index]
    if (entry !== undefined && value !== undefined) replies[index] = earlierReply(entry, value)
  })
  return replies
}

/** A journal that all instances share: one script call for each batch. */
export const createRedisJournal = ({
  redis,
  availability,
  keys,
  ttlMs = 3_600_000,
}: RedisJournalDeps): Journal => {
  const script = createScript(redis, setAbsent)
  return {
    first: async (entries) => {
      if (entries.length === 0) return []
      const { json, values } = plan(entries, keys)
      const reply = await availability.attempt(async () =>
        repliesOf(entries, await script(String(ttlMs), json, values)),
      )
      return reply.answered ? reply.value : entries.map(() => ({ kind: 'unknown' }))
    },
  }
}
