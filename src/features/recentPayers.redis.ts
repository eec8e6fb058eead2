import { SluiceError } from '../errors.ts'
import { askPerNode, scriptOnEach, type KeyedNodes } from './keyedNodes.redis.ts'
import type { Keys, RecentOf } from './keys.ts'
import { accountsIn, lineOf, type Meeting, type RecentAccounts, type RecentLimits } from './recentPayers.ts'

/**
 * A value has a line for each meeting: epoch ms, account.
 * ARGV[1] epoch ms since which accounts are kept; ARGV[2] ms for which they are; ARGV[3] bytes; then for each meeting:
 * key, line. Appends each line. A list of more than twice those bytes is written anew with the last line of each
 * account, the latest first, until they are full: who pays often cannot push out who paid once.
 */
const addLua = `#!lua flags=allow-cross-slot-keys
local call, since, keptMs, keptBytes = redis.call, tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local function condense(key)
  local lines, seen, kept, bytes = {}, {}, {}, 0
  for line in string.gmatch(call('GET', key), '[^\\n]+') do lines[#lines + 1] = line end
  for i = #lines, 1, -1 do
    local at, account = string.match(lines[i], '^(%d+) (%S+)$')
    if account and not seen[account] and tonumber(at) > since and bytes < keptBytes then
      seen[account] = true
      table.insert(kept, 1, lines[i])
      bytes = bytes + #lines[i] + 1
    end
  end
  call('SET', key, table.concat(kept, '\\n') .. '\\n')
end
for i = 4, #ARGV, 2 do
  local key = ARGV[i]
  if call('APPEND', key, ARGV[i + 1]) > 2 * keptBytes then condense(key) end
  call('PEXPIRE', key, keptMs)
end`

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
      const settings = [now() - limits.keptMs, limits.keptMs, limits.keptBytes].map(String)
      const replies = await askPerNode(nodes, meetings, keyOf, async (node, some) => {
        const args = [...settings]
        for (const meeting of some) args.push(keyOf(meeting), lineOf(meeting))
        await script(node)(...args)
        return some
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
