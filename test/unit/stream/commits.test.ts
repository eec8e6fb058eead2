import { describe, expect, it } from 'vitest'
import { createCommits, type Commit } from '../../../src/stream/commits.ts'

const setUp = (commit?: (commits: readonly Commit[]) => Promise<void>) => {
  const committed: (readonly Commit[])[] = []
  const failures: unknown[] = []
  const clock = { now: 0 }
  const commits = createCommits({
    commit: async (due) => {
      if (commit !== undefined) await commit(due)
      committed.push(due)
    },
    now: () => clock.now,
    intervalMs: 200,
    observe: () => undefined,
    onFailure: (error) => failures.push(error),
  })
  return { commits, committed, failures, clock }
}

const upTo = (partition: number, offset: string): Commit => ({ partition, offset, metadata: '' })

describe('commits', () => {
  it('waits for the interval and then commits the newest offset of each partition at once', async () => {
    const { commits, committed, clock } = setUp()
    commits.note(upTo(0, '5'))
    commits.note(upTo(1, '9'))
    commits.note(upTo(0, '7'))
    await commits.commitIfDue()
    expect(committed).toEqual([])
    clock.now = 200
    await commits.commitIfDue()
    expect(committed).toEqual([[upTo(0, '7'), upTo(1, '9')]])
  })

  it('commits nothing twice', async () => {
    const { commits, committed } = setUp()
    commits.note(upTo(0, '5'))
    await commits.commitNow()
    await commits.commitNow()
    expect(committed).toHaveLength(1)
  })

  it('forgets the partitions of an assignment that is over', async () => {
    const { commits, committed } = setUp()
    commits.note(upTo(0, '5'))
    commits.forget()
    await commits.commitNow()
    expect(committed).toEqual([])
  })

  it('reports a failed commit and tries it again, unless something newer is there or a rebalance came', async () => {
    let broken = true
    const { commits, committed, failures } = setUp(() =>
      broken ? Promise.reject(new Error('not coordinator')) : Promise.resolve(),
    )
    commits.note(upTo(0, '5'))
    commits.note(upTo(1, '3'))
    const failing = commits.commitNow()
    commits.note(upTo(0, '6'))
    await failing
    expect(failures).toHaveLength(1)
    broken = false
    await commits.commitNow()
    expect(committed.flat()).toEqual(expect.arrayContaining([upTo(0, '6'), upTo(1, '3')]))
    expect(committed.flat()).toHaveLength(2)
  })

  it('makes nobody wait for more than the commit under way and one after it, however often it is due', async () => {
    const { commits, failures, clock } = setUp(() => Promise.reject(new Error('no coordinator')))
    commits.note(upTo(0, '1'))
    const due = [commits.commitNow()]
    await Promise.resolve()
    for (let tick = 0; tick < 20; tick++) {
      clock.now += 200
      due.push(commits.commitIfDue())
    }
    await Promise.all(due)
    expect(failures).toHaveLength(2)
  })

  it('never lets an older commit follow a newer one', async () => {
    const order: string[] = []
    const waiting: (() => void)[] = []
    const { commits } = setUp(async (due) => {
      if (order.length === 0) await new Promise<void>((resolve) => waiting.push(resolve))
      order.push(due[0]?.offset ?? '')
    })
    commits.note(upTo(0, '5'))
    const first = commits.commitNow()
    await Promise.resolve()
    commits.note(upTo(0, '7'))
    const second = commits.commitNow()
    while (waiting.length === 0) await Promise.resolve()
    waiting[0]?.()
    await Promise.all([first, second])
    expect(order).toEqual(['5', '7'])
  })
})
