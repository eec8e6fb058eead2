import type { Scorer } from './scorer.ts'
import { messageOf } from './refusal.ts'

/** A scorer whose thread may end. */
export type ThreadScorer = Scorer & {
  /** It will never score again. */
  readonly isGone: () => boolean
}

export type RestartingDeps = {
  readonly first: ThreadScorer
  /** Starts another thread for the same model, on the same engine. */
  readonly open: () => Promise<ThreadScorer>
  /** Calls after a while, unless the process has ended by then: the next try after one that failed. */
  readonly later: (call: () => void) => void
}

/**
 * A scorer that comes back: one stall of the machine must not leave every later payment without a probability. A call
 * that finds the thread gone fails, as does each until another thread is ready; nobody waits for that.
 */
export const createRestarting = ({ first, open, later }: RestartingDeps): Scorer => {
  let current = first
  let isDisposed = false
  let isStarting = false
  let failure: string | null = null

  const start = (): void => {
    if (isDisposed || isStarting) return
    isStarting = true
    open().then(
      (next) => {
        isStarting = false
        failure = null
        if (isDisposed) return next.dispose()
        current.dispose()
        current = next
      },
      (error: unknown) => {
        failure = messageOf(error)
        later(() => {
          isStarting = false
          start()
        })
      },
    )
  }

  const guarded = <T>(call: () => T): T => {
    try {
      return call()
    } catch (error) {
      if (!current.isGone()) throw error
      start()
      if (failure === null) throw error
      throw new Error(`${messageOf(error)}; it could not be started again: ${failure}`, { cause: error })
    }
  }

  return {
    model: first.model,
    engine: first.engine,
    reasonCodes: first.reasonCodes,
    score: (rows) => guarded(() => current.score(rows)),
    explain: (rows) => guarded(() => current.explain(rows)),
    tensorCount: () => guarded(() => current.tensorCount()),
    dispose: () => {
      isDisposed = true
      current.dispose()
    },
  }
}
