import { expect, test } from 'vitest'
import type { Meeting, RecentAccounts, RecentLimits } from '../../../src/features/recentPayers.ts'

export const dayMs = 86_400_000
export const start = Date.UTC(2026, 0, 15)

export const aMeeting = (over: Partial<Meeting> = {}): Meeting => ({
  of: 'payee',
  token: 'payee-1',
  accountId: 'acc-1',
  at: start,
  ...over,
})

export type RecentUnderTest = {
  readonly accounts: RecentAccounts
  readonly advance: (ms: number) => void
}

/** What any store of recent accounts must do. @param create anew for each test, empty */
export const recentAccounts = (create: (limits: RecentLimits) => Promise<RecentUnderTest>): void => {
  const limits = { keptMs: 30 * dayMs, keptBytes: 4_096 }

  test('those who paid are known, the latest first, each once', async () => {
    const { accounts } = await create(limits)
    await accounts.add([
      aMeeting({ accountId: 'a' }),
      aMeeting({ accountId: 'b', at: start + 2 }),
      aMeeting({ accountId: 'a', at: start + 3 }),
      aMeeting({ accountId: 'late', at: start - 1 }),
    ])
    await accounts.add([aMeeting({ accountId: 'a', at: start + 1 })])
    expect(await accounts.read('payee', 'payee-1')).toEqual(['a', 'b', 'late'])
  })

  test('a payee and a device of the same name are two', async () => {
    const { accounts } = await create(limits)
    await accounts.add([aMeeting({ token: 'x', accountId: 'a' })])
    expect(await accounts.read('device', 'x')).toEqual([])
    expect(await accounts.read('payee', 'x')).toEqual(['a'])
    expect(await accounts.read('payee', 'y')).toEqual([])
  })

  test('who paid too long ago is forgotten', async () => {
    const { accounts, advance } = await create(limits)
    await accounts.add([aMeeting({ accountId: 'old' }), aMeeting({ accountId: 'new', at: start + dayMs })])
    advance(30 * dayMs)
    expect(await accounts.read('payee', 'payee-1')).toEqual(['new'])
  })
}
