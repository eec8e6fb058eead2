import type { RecentPairs } from './recentPairs.ts'
import type { Meeting, RecentAccounts } from './recentPayers.ts'

/** Meetings that wait to be added, many in one call. */
export type RecentAccountsQueue = {
  readonly note: (meeting: Meeting) => void
  /** Adds what waits; what the store does not take waits on. Never rejects. */
  readonly flush: () => Promise<void>
  /** Tries once more, and reports as lost what still waits. */
  readonly close: () => Promise<void>
}

export type RecentAccountsQueueDeps = {
  readonly add: RecentAccounts['add']
  readonly pairs: RecentPairs
  /** Told how many wait, whenever some could not be added. */
  readonly onWaiting: (meetings: number) => void
  /** Told how many were given up: too many waited, or the end came. */
  readonly onLost: (meetings: number) => void
  /** Most meetings that wait: about 200 bytes each. */
  readonly maxWaiting?: number
}

/** Beside the payments: a payment notes its meeting, and who commits its offset flushes before. */
export const createRecentAccountsQueue = (deps: RecentAccountsQueueDeps): RecentAccountsQueue => {
  const { add, pairs, onWaiting, onLost, maxWaiting = 100_000 } = deps
  let waiting: Meeting[] = []
  let underWay: Promise<void> = Promise.resolve()

  const keep = (meetings: readonly Meeting[]): void => {
    const room = Math.max(0, maxWaiting - waiting.length)
    waiting = [...meetings.slice(0, room), ...waiting]
    if (meetings.length > room) onLost(meetings.length - room)
  }

  const addWaiting = async (): Promise<void> => {
    if (waiting.length === 0) return
    const taken = waiting
    waiting = []
    const left = await add(taken)
    if (left.length > 0) keep(left)
    onWaiting(waiting.length)
  }

  const flush = (): Promise<void> => {
    underWay = underWay.then(addWaiting)
    return underWay
  }

  return {
    note: (meeting) => {
      if (pairs.hasNoted(meeting)) return
      if (waiting.length < maxWaiting) waiting.push(meeting)
      else onLost(1)
    },
    flush,
    close: async () => {
      await flush()
      if (waiting.length > 0) onLost(waiting.length)
      waiting = []
    },
  }
}
