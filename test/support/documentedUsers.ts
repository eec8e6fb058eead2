import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'

const document = readFileSync(new URL('../../docs/redis.md', import.meta.url), 'utf8')

export const password = 'a-password'

/** The rules that docs/redis.md gives a user, as ACL SETUSER takes them. */
export const documentedRules = (user: string): readonly string[] => {
  const line = document.split('\n').find((each) => each.startsWith(`ACL SETUSER ${user} `))
  if (line === undefined) throw new Error(`docs/redis.md has no rules for ${user}`)
  return line.split(' ').slice(3)
}

/** Makes the user as documented, but for what `more` grants or takes; gives the URL under which it connects. */
export const makeUser = async (
  admin: Redis,
  url: string,
  user: string,
  more: readonly string[] = [],
): Promise<string> => {
  const rules = documentedRules(user).map((rule) => (rule.startsWith('>') ? `>${password}` : rule))
  await admin.call('ACL', 'SETUSER', user, ...rules, ...more)
  const own = new URL(url)
  own.username = user
  own.password = password
  return own.href
}
