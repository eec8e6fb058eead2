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

  it('reports a failed commit and goes on: the records come again', async () => {
    const { commits, failures } = setUp(() => Promise.reject(new Error('not coordinator')))
    commits.note(upTo(0, '5'))
    await commits.commitNow()
    expect(failures).toHaveLength(1)
  })
})
