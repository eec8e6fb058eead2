import { createBoundedMap } from './boundedMap.ts'
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
  /** Told how many wait, whenever some could not be added. */
  readonly onWaiting: (meetings: number) => void
  /** Told how many were given up: too many waited, or the end came. */
  readonly onLost: (meetings: number) => void
  /** Most meetings that wait: about 200 bytes each. */
  readonly maxWaiting?: number
  /** The same meeting is added again after so long a time, ms. */
  readonly repeatMs?: number
}

/** Pairs of which this instance knows when it noted them last. */
const knownPairs = 50_000

/** Beside the payments: a payment notes its meeting, and who commits its offset flushes before. */
export const createRecentAccountsQueue = (deps: RecentAccountsQueueDeps): RecentAccountsQueue => {
  const { add, onWaiting, onLost, maxWaiting = 100_000, repeatMs = 3_600_000 } = deps
  const noted = createBoundedMap<string, number>(knownPairs)
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
      const pair = `${meeting.of} ${meeting.token} ${meeting.accountId}`
      const earlier = noted.get(pair)
      if (earlier !== undefined && Math.abs(meeting.at - earlier) < repeatMs) return
      noted.set(pair, meeting.at)
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
