import { recordCount, type Appends } from './appends.ts'
import type { Availability } from './availability.redis.ts'
import type { OnHistoriesEvent } from './histories.ts'
import { createMissed } from './missed.ts'

export type CatchUpDeps = {
  readonly availability: Availability
  readonly append: (appends: Appends) => Promise<void>
  /** Tells the coverage markers what is lost: by shard, epoch ms of the newest lost payment. */
  readonly declareLost: (lostUntil: ReadonlyMap<number, number>) => Promise<void>
  readonly onEvent: OnHistoriesEvent
  readonly missedMaxBytes: number
}

export type CatchUp = {
  /** True while histories in Redis lack something: nobody may be told one that is silently short. */
  isBehind(): boolean
  /** Keeps what Redis did not take, or may not have taken. */
  miss(appends: Appends): void
  /** Tries once more, and reports as lost what still waits. */
  close(): Promise<void>
}

/** Appends, in order, what Redis missed while it was away, as soon as it is back. */
export const createCatchUp = (deps: CatchUpDeps): CatchUp => {
  const { availability, onEvent } = deps
  const missed = createMissed(deps.missedMaxBytes)
  let running: Promise<void> | null = null

  const appendOldest = async (appends: Appends): Promise<boolean> => {
    const { answered } = await availability.attempt(() => deps.append(appends))
    if (!answered) return false
    missed.removeOldest()
    onEvent('records_caught_up', recordCount(appends))
    return true
  }

  const declareLost = async (): Promise<boolean> => {
    const lostUntil = missed.lostUntil()
    const { answered } = await availability.attempt(() => deps.declareLost(lostUntil))
    if (answered) missed.forgetLost(lostUntil)
    return answered
  }

  const untilNothingIsPending = async (): Promise<void> => {
    while (missed.pending) {
      const oldest = missed.oldest()
      const done = oldest === undefined ? await declareLost() : await appendOldest(oldest)
      if (!done) return
    }
  }

  const catchUp = (): Promise<void> => {
    running ??= untilNothingIsPending().finally(() => (running = null))
    return running
  }
  availability.onBack(() => void catchUp())

  return {
    isBehind: () => missed.pending || availability.isAway(),
    miss: (appends) => onEvent(missed.add(appends) ? 'records_missed' : 'records_lost', recordCount(appends)),
    close: async () => {
      await catchUp()
      if (missed.waiting > 0) onEvent('records_lost', missed.waiting)
    },
  }
}
