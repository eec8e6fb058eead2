import type { Received } from '../../src/domain/received.ts'
import {
  byKey,
  entities,
  featureAt,
  featureNames,
  keysOf,
  longestMs,
  windowsMs,
  type OpenContestant,
} from './contestant.ts'
import { replies } from '../pipeline.redis.ts'

/**
 * KEYS[1] the sorted set of one entity: the score is effectiveAt, the member `<amountMinor>:<paymentId>`
 * ARGV[1] effectiveAt, ARGV[2] member, ARGV[3..] lengths of the windows, shortest first; all times in ms
 *
 * Adds the payment, drops what no window holds any more, and returns a count and a sum for each window. The sums are
 * added up in one pass over the members, newest first; the counts say where each window ends.
 */
const addAndRead = `
local call, match = redis.call, string.match
local key, at = KEYS[1], tonumber(ARGV[1])
local longest = ARGV[#ARGV]
call('ZADD', key, ARGV[1], ARGV[2])
call('ZREMRANGEBYSCORE', key, '-inf', at - longest)
call('PEXPIRE', key, longest)
local members = call('ZREVRANGEBYSCORE', key, ARGV[1], '(' .. at - longest)
local reply, taken, sum = {}, 0, 0
for i = 3, #ARGV do
  local count = call('ZCOUNT', key, '(' .. at - ARGV[i], ARGV[1])
  while taken < count do
    taken = taken + 1
    sum = sum + tonumber(match(members[taken], '^%d+'))
  end
  reply[#reply + 1] = count
  reply[#reply + 1] = sum
end
return reply`

const memberOf = ({ payment }: Received): string => `${payment.amountMinor}:${payment.paymentId}`

const readReply = (reply: unknown, row: Float64Array, at: number): void => {
  if (!Array.isArray(reply)) throw new TypeError('a script answered with something else than a list')
  for (let i = 0; i < windowsMs.length * 2; i++) row[at + i] = Number(reply[i])
}

/** A sorted set for each entity, and one script call for each of a payment's entities. */
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
      for (const received of batch) {
        const member = memberOf(received)
        for (const key of keysOf(received))
          pipeline.evalsha(digest, 1, key, received.effectiveAt, member, ...windowsMs)
      }
      const answers = await replies(pipeline)
      let answered = 0
      return batch.map(() => {
        const row = new Float64Array(featureNames.length)
        for (let entity = 0; entity < entities.length; entity++)
          readReply(answers[answered++], row, featureAt(entity))
        return row
      })
    },
    heldBytes: () => 0,
    close: () => Promise.resolve(),
  }
}
