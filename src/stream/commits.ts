/** An offset that may be committed: everything before it is answered. */
export type Commit = {
  readonly partition: number
  /** Last answered offset + 1. */
  readonly offset: string
  /** The position reached in `decisions`, so that a successor can read on from there. */
  readonly metadata: string
}

export type Commits = {
  readonly note: (commit: Commit) => void
  /** Commits what was noted if the interval has passed since the last commit. */
  readonly commitIfDue: () => Promise<void>
  /** Commits what was noted, now. A failure is reported, not thrown: what is not committed is delivered again. */
  readonly commitNow: () => Promise<void>
  /** Forgets what was noted: after a rebalance these partitions may be somebody else's. */
  readonly forget: () => void
}

export type CommitsDeps = {
  readonly commit: (commits: readonly Commit[]) => Promise<void>
  /** Milliseconds that never step back. */
  readonly now: () => number
  readonly intervalMs: number
  readonly observe: (seconds: number) => void
  readonly onFailure: (error: unknown) => void
}

/** Gathers the commits of all partitions, so that the coordinator sees a few requests a second, not one a batch. */
export const createCommits = ({ commit, now, intervalMs, observe, onFailure }: CommitsDeps): Commits => {
  let noted = new Map<number, Commit>()
  let lastAt = now()
  /** Counts rebalances: what was noted before one is not noted again after it. */
  let assignments = 0
  /** One commit after the other: an older offset never follows a newer one. */
  let underWay: Promise<void> = Promise.resolve()
  /** The one that waits for the one under way: it takes all that is noted when its turn comes, for whoever asks meanwhile. */
  let waiting: Promise<void> | null = null

  /** What was not committed is noted again, unless something newer is. */
  const noteAgain = (commits: readonly Commit[]): void => {
    for (const each of commits) if (!noted.has(each.partition)) noted.set(each.partition, each)
  }

  const commitNoted = async (): Promise<void> => {
    const startedAt = now()
    if (noted.size === 0) return
    const taken = noted
    noted = new Map()
    const assignment = assignments
    try {
      await commit([...taken.values()])
      observe((now() - startedAt) / 1000)
    } catch (error) {
      if (assignment === assignments) noteAgain([...taken.values()])
      onFailure(error)
    }
  }

  const commitNow = (): Promise<void> => {
    // At once, so that of the partitions that find it due together only one commits.
    lastAt = now()
    if (waiting !== null) return waiting
    const turn = underWay.then(() => {
      waiting = null
      return commitNoted()
    })
    waiting = turn
    underWay = turn
    return turn
  }

  return {
    note: (each) => {
      noted.set(each.partition, each)
    },
    commitIfDue: async () => {
      if (now() - lastAt >= intervalMs) await commitNow()
    },
    commitNow,
    forget: () => {
      assignments += 1
      noted.clear()
    },
  }
}
