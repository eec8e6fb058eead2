import { SluiceError } from '../errors.ts'
import { askPerNode, scriptOnEach, type KeyedNodes } from './keyedNodes.redis.ts'
import type { Keys, RecentOf } from './keys.ts'
import { accountsIn, lineOf, type Meeting, type RecentAccounts, type RecentLimits } from './recentPayers.ts'

/**
 * A value has a line for each meeting: epoch ms, account.
 * ARGV[1] JSON: { since: epoch ms, keptMs, keptBytes, lines: [[key, line]] }. Appends each line. A list of more than
 * twice `keptBytes` is written anew with the last line of each account, the latest first, until `keptBytes` are full:
 * who pays often cannot push out who paid once.
 */
const addLua = `#!lua flags=allow-cross-slot-keys
local call = redis.call
local plan = cjson.decode(ARGV[1])
local function condense(key)
  local lines, seen, kept, bytes = {}, {}, {}, 0
  for line in string.gmatch(call('GET', key), '[^\\n]+') do lines[#lines + 1] = line end
  for i = #lines, 1, -1 do
    local at, account = string.match(lines[i], '^(%d+) (%S+)$')
    if account and not seen[account] and tonumber(at) > plan.since and bytes < plan.keptBytes then
      seen[account] = true
      table.insert(kept, 1, lines[i])
      bytes = bytes + #lines[i] + 1
    end
  end
  call('SET', key, table.concat(kept, '\\n') .. '\\n')
end
for _, each in ipairs(plan.lines) do
  local key = each[1]
  if call('APPEND', key, each[2]) > 2 * plan.keptBytes then condense(key) end
  call('PEXPIRE', key, plan.keptMs)
end
return #plan.lines`

export type RedisRecentAccountsDeps = {
  readonly nodes: KeyedNodes
  readonly keys: Keys
  readonly limits: RecentLimits
  /** Epoch ms. */
  readonly now: () => number
}

export const createRedisRecentAccounts = (deps: RedisRecentAccountsDeps): RecentAccounts => {
  const { nodes, keys, limits, now } = deps
  const script = scriptOnEach(addLua)
  const keyOf = ({ of, token }: Pick<Meeting, 'of' | 'token'>): string => keys.recentAccounts(of, token)

  return {
    add: async (meetings) => {
      const since = now() - limits.keptMs
      const replies = await askPerNode(nodes, meetings, keyOf, async (node, some) => {
        const lines = some.map((meeting) => [keyOf(meeting), lineOf(meeting)])
        await script(node)(JSON.stringify({ since, ...limits, lines }))
        return some.map(() => true)
      })
      return meetings.filter((_, i) => replies[i] === null)
    },
    read: async (of: RecentOf, token: string) => {
      const [list = null] = await askPerNode(nodes, [{ of, token }], keyOf, async ({ redis }, [asked]) => [
        (await redis.get(asked === undefined ? '' : keyOf(asked))) ?? '',
      ])
      if (list === null)
        throw new SluiceError('REDIS_UNAVAILABLE', 'Redis does not tell which accounts are to be told', {
          retriable: true,
        })
      return accountsIn(list, now() - limits.keptMs)
    },
  }
}
