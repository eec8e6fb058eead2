import { SluiceError } from '../errors.ts'
import { askPerNode, scriptOnEach, type KeyedNodes } from './keyedNodes.redis.ts'
import type { Keys } from './keys.ts'
import {
  claimReplies,
  dayMs,
  rememberedMs,
  type ClaimReply,
  type NoticeClaim,
  type NoticeLimit,
  type NoticeLimits,
} from './noticeLimit.ts'

/**
 * A value has a line for each notice: its matter, its id, epoch ms, P or S (claimed, given), C or O (critical, other).
 * ARGV[1] JSON: { now, repeatMs, dayMs, keptMs, aDay, criticalADay, claims: [[key, matter, id, C or O]] }.
 * Returns for each claim 0 first, 1 again, 2 duplicate, 3 limited, and notes those that are first.
 */
const claimLua = `#!lua flags=allow-cross-slot-keys
local call = redis.call
local plan = cjson.decode(ARGV[1])
local now, keptMs = plan.now, plan.keptMs
local lists, changed, replies = {}, {}, {}
local function toldOf(key)
  if lists[key] then return lists[key] end
  local list, value = {}, call('GET', key)
  if value then
    for matter, id, at, state, class in string.gmatch(value, '(%x+) (%x+) (%d+) (%u)(%u)\\n') do
      local told = { matter = matter, id = id, at = tonumber(at), state = state, class = class }
      if told.at > now - keptMs then list[#list + 1] = told end
    end
  end
  lists[key] = list
  return list
end
local function replyTo(list, matter, id, class)
  local today = 0
  for _, told in ipairs(list) do
    if told.matter == matter and told.at > now - plan.repeatMs then
      return (told.id == id and told.state == 'P') and 1 or 2
    end
    if told.class == class and told.at > now - plan.dayMs then today = today + 1 end
  end
  local most = class == 'C' and plan.criticalADay or plan.aDay
  return today >= most and 3 or 0
end
for i, claim in ipairs(plan.claims) do
  local key, matter, id, class = claim[1], claim[2], claim[3], claim[4]
  local list = toldOf(key)
  local reply = replyTo(list, matter, id, class)
  replies[i] = reply
  if reply == 0 then
    list[#list + 1] = { matter = matter, id = id, at = now, state = 'P', class = class }
    changed[key] = true
  end
end
for key in pairs(changed) do
  local lines = {}
  for i, told in ipairs(lists[key]) do
    lines[i] = string.format('%s %s %.0f %s%s\\n', told.matter, told.id, told.at, told.state, told.class)
  end
  call('SET', key, table.concat(lines), 'PX', keptMs)
end
return replies`

/** ARGV[1] JSON: [[key, id]]. Marks the notices as given; one that nobody claimed is passed over. */
const confirmLua = `#!lua flags=allow-cross-slot-keys
local given = cjson.decode(ARGV[1])
for _, each in ipairs(given) do
  local value = redis.call('GET', each[1])
  if value then
    local marked, count = string.gsub(value, ' ' .. each[2] .. ' (%d+) P', ' ' .. each[2] .. ' %1 S')
    if count > 0 then redis.call('SET', each[1], marked, 'KEEPTTL') end
  end
end
return #given`

export type RedisNoticeLimitDeps = {
  readonly nodes: KeyedNodes
  readonly keys: Keys
  readonly limits: NoticeLimits
  /** Epoch ms. */
  readonly now: () => number
}

const repliesOf = (reply: unknown): readonly ClaimReply[] => {
  if (!Array.isArray(reply)) throw new TypeError('a script answered with something else than a list')
  return reply.map((code: unknown) => {
    const known = typeof code === 'number' ? claimReplies[code] : undefined
    if (known === undefined) throw new TypeError('a script answered with an unknown reply to a claim')
    return known
  })
}

/** One script call a node for up to 64 notices; what was told is in one key for each recipient. */
export const createRedisNoticeLimit = ({ nodes, keys, limits, now }: RedisNoticeLimitDeps): NoticeLimit => {
  const claimScript = scriptOnEach(claimLua)
  const confirmScript = scriptOnEach(confirmLua)
  const keyOf = ({ recipient }: NoticeClaim): string => keys.notices(recipient)

  return {
    claim: (claims) =>
      askPerNode(nodes, claims, keyOf, async (node, some) =>
        repliesOf(
          await claimScript(node)(
            JSON.stringify({
              now: now(),
              ...limits,
              dayMs,
              keptMs: rememberedMs(limits),
              claims: some.map((claim) => [
                keyOf(claim),
                claim.matter,
                claim.id,
                claim.isCritical ? 'C' : 'O',
              ]),
            }),
          ),
        ),
      ),
    confirm: async (claims) => {
      const replies = await askPerNode(nodes, claims, keyOf, async (node, some) => {
        await confirmScript(node)(JSON.stringify(some.map((claim) => [keyOf(claim), claim.id])))
        return some.map(() => true)
      })
      if (replies.includes(null))
        throw new SluiceError('REDIS_UNAVAILABLE', 'Redis did not note that notices were given', {
          retriable: true,
        })
    },
  }
}
