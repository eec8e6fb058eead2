import { accountsIn, lineOf, type RecentAccounts, type RecentLimits } from './recentPayers.ts'

/** Remembers every account, however many. @param now epoch ms */
export const createMemoryRecentAccounts = (
  { keptMs }: Pick<RecentLimits, 'keptMs'>,
  now: () => number,
): RecentAccounts => {
  const lists = new Map<string, string>()
  return {
    add: (meetings) => {
      for (const meeting of meetings) {
        const name = `${meeting.of} ${meeting.token}`
        lists.set(name, (lists.get(name) ?? '') + lineOf(meeting))
      }
      return Promise.resolve([])
    },
    read: (of, token) => Promise.resolve(accountsIn(lists.get(`${of} ${token}`) ?? '', now() - keptMs)),
  }
}
