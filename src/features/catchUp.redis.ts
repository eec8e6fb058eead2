import { recordCount, type Appends } from './appends.ts'
import type { Availability } from './availability.redis.ts'
import type { OnHistoriesEvent } from './histories.ts'
import { within } from '../within.ts'
import { createMissed, type Waiting } from './missed.ts'

export type CatchUpDeps = {
  readonly availability: Availability
  readonly append: (appends: Appends) => Promise<void>
  /** Tells the coverage markers what is lost: by shard, epoch ms of the newest lost payment. */
  readonly declareLost: (lostUntil: ReadonlyMap<number, number>) => Promise<void>
  readonly onEvent: OnHistoriesEvent
  readonly missedMaxBytes: number
}

export type CatchUp = {
  /**
   * False while histories in Redis lack something, as nobody may be told one that is silently short. It waits for
   * what can be caught up within one time-out, so that a backlog is not taken faster than Redis takes the appends.
   */
  isReady(): Promise<boolean>
  /** Keeps what Redis did not take, or may not have taken. */
  miss(appends: Appends): void
  /** Hands over what waits: another node has it now. What is under way may be appended twice. */
  release(): Waiting
  adopt(waiting: Waiting): void
  /** Tries once more, and reports as lost what still waits. */
  close(): Promise<void>
}

const batchesAtOnce = 64

/** Appends, in order, what Redis missed while it was away, as soon as it is back. */
export const createCatchUp = (deps: CatchUpDeps): CatchUp => {
  const { availability, onEvent } = deps
  const missed = createMissed(deps.missedMaxBytes)
  let running: Promise<void> | null = null

  /** Many at a time, so that what is missed meanwhile is caught up with; one connection keeps their order. */
  const append = async (oldest: readonly Appends[]): Promise<boolean> => {
    const attempts = await Promise.all(
      oldest.map((appends) => availability.attempt(() => deps.append(appends))),
    )
    // Meanwhile they may have been handed over, and others adopted.
    if (missed.oldest(1)[0] !== oldest[0]) return true
    const firstFailed = attempts.findIndex(({ answered }) => !answered)
    const done = oldest.slice(0, firstFailed < 0 ? oldest.length : firstFailed)
    missed.removeOldest(done.length)
    for (const appends of done) onEvent('records_caught_up', recordCount(appends))
    return firstFailed < 0
  }

  const declareLost = async (): Promise<boolean> => {
    const lostUntil = missed.lostUntil()
    const { answered } = await availability.attempt(() => deps.declareLost(lostUntil))
    if (answered) missed.forgetLost(lostUntil)
    return answered
  }

  const untilNothingIsPending = async (): Promise<void> => {
    while (missed.pending) {
      const oldest = missed.oldest(batchesAtOnce)
      const done = oldest.length === 0 ? await declareLost() : await append(oldest)
      if (!done) return
    }
  }

  const catchUp = (): Promise<void> => {
    running ??= untilNothingIsPending().finally(() => (running = null))
    return running
  }
  availability.onBack(() => void catchUp())

  return {
    isReady: async () => {
      if (availability.isAway()) return false
      if (missed.pending) await within(catchUp(), availability.commandTimeoutMs)
      return !missed.pending && !availability.isAway()
    },
    miss: (appends) => onEvent(missed.add(appends) ? 'records_missed' : 'records_lost', recordCount(appends)),
    release: missed.release,
    adopt: (waiting) => {
      missed.adopt(waiting)
      if (missed.pending && !availability.isAway()) void catchUp()
    },
    close: async () => {
      await catchUp()
      if (missed.waiting > 0) onEvent('records_lost', missed.waiting)
    },
  }
}
