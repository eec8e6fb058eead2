import type { Received } from '../../src/domain/received.ts'
import { replies } from '../pipeline.redis.ts'
import {
  byKey,
  featureAt,
  featureNames,
  keysOf,
  longestMs,
  windowsMs,
  type OpenContestant,
} from './contestant.ts'

/**
 * KEYS[1] the sorted set of one entity: the score is effectiveAt, the member `<amountMinor>:<paymentId>`
 * ARGV[1] number of windows, then their lengths, shortest first; then effectiveAt and member of each payment of the
 * batch, in its order; all times in ms
 *
 * Adds the payments one by one, drops what no window holds any more, and returns for each a count and a sum for each
 * window. The members are read once; a sum is the difference of two running sums, the counts say where a window begins.
 * Only where payments of a batch are out of order they are read again.
 */
const addAndRead = `
local call, match = redis.call, string.match
local key, windows = KEYS[1], tonumber(ARGV[1])
local longest = tonumber(ARGV[windows + 1])
local sums, taken, newest
local function readUpTo(at)
  sums, taken = { [0] = 0 }, 0
  for i, member in ipairs(call('ZRANGEBYSCORE', key, '(' .. at - longest, at)) do
    sums[i] = sums[i - 1] + tonumber(match(member, '^%d+'))
    taken = i
  end
  newest = at
end
call('ZREMRANGEBYSCORE', key, '-inf', ARGV[windows + 2] - longest)
local reply = {}
for i = windows + 2, #ARGV, 2 do
  local at, member = tonumber(ARGV[i]), ARGV[i + 1]
  local added = call('ZADD', key, ARGV[i], member)
  if not newest or at < newest or call('ZCOUNT', key, '(' .. newest, ARGV[i]) > added then
    readUpTo(at)
  elseif added == 1 then
    sums[taken + 1] = sums[taken] + tonumber(match(member, '^%d+'))
    taken, newest = taken + 1, at
  end
  for j = 2, windows + 1 do
    local count = call('ZCOUNT', key, '(' .. at - ARGV[j], ARGV[i])
    reply[#reply + 1] = count
    reply[#reply + 1] = sums[taken] - sums[taken - count]
  end
  if i == windows + 2 then call('PEXPIRE', key, longest) end
end
return reply`

const memberOf = ({ payment }: Received): string => `${payment.amountMinor}:${payment.paymentId}`

const numbersAPayment = windowsMs.length * 2

/** Writes the numbers of payment number `place` of a call. */
const readReply = (reply: unknown, place: number, row: Float64Array, at: number): void => {
  if (!Array.isArray(reply)) throw new TypeError('a script answered with something else than a list')
  for (let i = 0; i < numbersAPayment; i++) row[at + i] = Number(reply[place * numbersAPayment + i])
}

/** A sorted set for each entity, and one script call for each entity of a batch, all in one write. */
export const openSortedSets: OpenContestant = async (redis) => {
  const digest = String(await redis.script('LOAD', addAndRead))
  return {
    prefill: async (past) => {
      const pipeline = redis.pipeline()
      for (const [key, payments] of byKey(past)) {
        pipeline.zadd(key, ...payments.flatMap((received) => [received.effectiveAt, memberOf(received)]))
        pipeline.pexpire(key, longestMs)
      }
      await replies(pipeline)
    },
    process: async (batch) => {
      const pipeline = redis.pipeline()
      const groups = [...byKey(batch)]
      for (const [key, payments] of groups) {
        const added = payments.flatMap((received) => [received.effectiveAt, memberOf(received)])
        pipeline.evalsha(digest, 1, key, windowsMs.length, ...windowsMs, ...added)
      }
      const answers = await replies(pipeline)
      const answered = new Map(groups.map(([key], i) => [key, { reply: answers[i], next: 0 }]))
      return batch.map((received) => {
        const row = new Float64Array(featureNames.length)
        keysOf(received).forEach((key, entity) => {
          const answer = answered.get(key)
          if (answer !== undefined) readReply(answer.reply, answer.next++, row, featureAt(entity))
        })
        return row
      })
    },
    heldBytes: () => 0,
    close: () => Promise.resolve(),
  }
}
