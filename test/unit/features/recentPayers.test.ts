import { describe, expect, it } from 'vitest'
import { createMemoryRecentAccounts } from '../../../src/features/recentPayers.memory.ts'
import type { Meeting } from '../../../src/features/recentPayers.ts'
import { accountsIn } from '../../../src/features/recentPayers.ts'
import { createHasher } from '../../../src/features/hashing.ts'
import { createRecentPairs } from '../../../src/features/recentPairs.ts'
import { createRecentAccountsQueue } from '../../../src/features/recentPayersQueue.ts'
import { withClock } from '../../support/conformance/noticeLimits.ts'
import { aMeeting, recentAccounts, start } from '../../support/conformance/recentAccounts.ts'

describe('recent accounts in memory', () => {
  recentAccounts((limits) => {
    const clock = withClock(start)
    return Promise.resolve({
      accounts: createMemoryRecentAccounts(limits, clock.now),
      advance: clock.advance,
    })
  })
})

describe('a list', () => {
  it('with a line that nobody can read gives the others', () => {
    expect(accountsIn('5 a\n\nx\n 7 b\n9 c\n', 0)).toEqual(['c', 'a'])
  })
})

const hourMs = 3_600_000

describe('pairs that were noted', () => {
  const hasher = createHasher(Buffer.alloc(16, 3))
  const open = () => createRecentPairs(hasher.hashToken, hourMs)

  it('are known for the period, before and after', () => {
    const { hasNoted } = open()
    expect(hasNoted(aMeeting())).toBe(false)
    expect(hasNoted(aMeeting({ at: start + hourMs - 60_000 }))).toBe(true)
    expect(hasNoted(aMeeting({ at: start - hourMs + 60_000 }))).toBe(true)
    expect(hasNoted(aMeeting({ at: start + hourMs }))).toBe(false)
    expect(hasNoted(aMeeting({ at: start + hourMs + 1 }))).toBe(true)
  })

  it('are of one account, one token and one kind', () => {
    const { hasNoted } = open()
    expect(hasNoted(aMeeting({ token: 'x', accountId: 'y' }))).toBe(false)
    expect(hasNoted(aMeeting({ token: 'y', accountId: 'x' }))).toBe(false)
    expect(hasNoted(aMeeting({ token: 'x', accountId: 'y', of: 'device' }))).toBe(false)
  })

  it('never hide one that was not: 100,000 different ones are each new', () => {
    const { hasNoted } = open()
    let hidden = 0
    for (let n = 0; n < 100_000; n++)
      if (hasNoted(aMeeting({ token: `payee-${n % 1_000}`, accountId: `acc-${n}` }))) hidden++
    expect(hidden).toBe(0)
  })
})

describe('meetings that wait', () => {
  const open = (over: { readonly maxWaiting?: number } = {}) => {
    const added: Meeting[] = []
    const waiting: number[] = []
    let lost = 0
    let isAway = false
    const queue = createRecentAccountsQueue({
      pairs: createRecentPairs(createHasher(Buffer.alloc(16, 3)).hashToken, hourMs),
      add: (meetings) => {
        if (isAway) return Promise.resolve(meetings)
        added.push(...meetings)
        return Promise.resolve([])
      },
      onWaiting: (count) => waiting.push(count),
      onLost: (count) => (lost += count),
      ...over,
    })
    return { ...queue, added, waiting, lost: () => lost, setAway: (away: boolean) => (isAway = away) }
  }
  const of = (n: number): Meeting => aMeeting({ accountId: `acc-${n}` })

  it('are added by the next flush, the same one once an hour', async () => {
    const queue = open()
    queue.note(of(1))
    queue.note(of(1))
    queue.note(of(2))
    expect(queue.added).toEqual([])
    await queue.flush()
    expect(queue.added).toEqual([of(1), of(2)])
    queue.note(of(1))
    queue.note({ ...of(1), at: start + 3_600_000 })
    await queue.flush()
    expect(queue.added.slice(2)).toEqual([{ ...of(1), at: start + 3_600_000 }])
  })

  it('wait while Redis is away, and are added in their order', async () => {
    const queue = open()
    queue.setAway(true)
    queue.note(of(1))
    await queue.flush()
    queue.note(of(2))
    await queue.flush()
    queue.setAway(false)
    await queue.flush()
    expect(queue.added).toEqual([of(1), of(2)])
    expect(queue.waiting).toEqual([1, 2, 0])
    expect(queue.lost()).toBe(0)
  })

  it('are counted as lost where too many wait, and where the end comes', async () => {
    const queue = open({ maxWaiting: 2 })
    queue.setAway(true)
    for (const n of [1, 2, 3]) queue.note(of(n))
    expect(queue.lost()).toBe(1)
    await queue.flush()
    expect(queue.lost()).toBe(1)
    await queue.close()
    expect(queue.lost()).toBe(3)
  })

  it('noted while others are being added wait their turn', async () => {
    const queue = open()
    queue.note(of(1))
    const flushed = queue.flush()
    queue.note(of(2))
    await flushed
    await queue.close()
    expect(queue.added).toEqual([of(1), of(2)])
  })
})
