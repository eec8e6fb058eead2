import { createUnderWay } from '../underWay.ts'
import type { Appends } from './appends.ts'

/** Outcomes that go to Redis with the payments that come next, or when they are flushed. */
export type WaitingOutcomes = {
  readonly add: (appends: Appends) => void
  /** Takes what waits along with `send`, which says whether Redis has answered. */
  readonly sendWith: <T>(send: (before: readonly Appends[]) => Promise<T>) => Promise<T>
  /** Resolves when nothing waits and nothing that was taken is under way. */
  readonly flush: (send: (appends: Appends) => Promise<void>) => Promise<void>
}

export const createWaitingOutcomes = (): WaitingOutcomes => {
  let waiting: Appends[] = []
  const underWay = createUnderWay()

  const take = (): readonly Appends[] => {
    const taken = waiting
    waiting = []
    return taken
  }

  return {
    add: (appends) => void waiting.push(appends),
    sendWith: (send) => {
      const taken = take()
      return taken.length === 0 ? send(taken) : underWay.track(send(taken))
    },
    flush: async (send) => {
      const sendAll = async (): Promise<void> => {
        for (const appends of take()) await send(appends)
      }
      await underWay.track(sendAll())
      await underWay.settled()
    },
  }
}
