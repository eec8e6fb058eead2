import type { Decision } from '../domain/decision.ts'

/** Stops a timer that has not rung yet. */
export type Cancel = () => void
export type Schedule = (ms: number, ring: () => void) => Cancel

/** Those who wait for a decision, by the correlation id that came with their payment. */
export type Waiting = {
  /** Resolves to the decision, or to null when none has come in time. */
  readonly wait: (correlationId: string, timeoutMs: number) => Promise<Decision | null>
  /** Hands a decision to who waits for it. A decision for nobody here counts for nothing. */
  readonly arrive: (correlationId: string, decision: Decision) => void
  /** Nobody waits any longer. */
  readonly giveUp: () => void
}

export type WaitingDeps = {
  readonly schedule: Schedule
  /** A decision that came after the one who waited for it had given up, within `lateMs`. */
  readonly onLate: (correlationId: string, decision: Decision) => void
  readonly lateMs: number
  /** Of more who have given up the oldest are forgotten: while nobody decides, each payment leaves one. */
  readonly lateAtMost: number
}

type Entry = { readonly resolve: (decision: Decision | null) => void; readonly cancel: Cancel }

export const createWaiting = ({ schedule, onLate, lateMs, lateAtMost }: WaitingDeps): Waiting => {
  const entries = new Map<string, Entry>()
  /** Who has given up, the oldest first, and what stops the timer that forgets them. */
  const late = new Map<string, Cancel>()

  const forget = (correlationId: string): void => {
    late.get(correlationId)?.()
    late.delete(correlationId)
  }

  const expire = (correlationId: string): void => {
    entries.get(correlationId)?.resolve(null)
    entries.delete(correlationId)
    late.set(
      correlationId,
      schedule(lateMs, () => late.delete(correlationId)),
    )
    const [oldest] = late.keys()
    if (oldest !== undefined && late.size > lateAtMost) forget(oldest)
  }

  return {
    wait: (correlationId, timeoutMs) =>
      new Promise((resolve) => {
        const cancel = schedule(timeoutMs, () => expire(correlationId))
        entries.set(correlationId, { resolve, cancel })
      }),
    arrive: (correlationId, decision) => {
      const entry = entries.get(correlationId)
      if (entry !== undefined) {
        entries.delete(correlationId)
        entry.cancel()
        entry.resolve(decision)
      } else if (late.has(correlationId)) {
        forget(correlationId)
        onLate(correlationId, decision)
      }
    },
    giveUp: () => {
      for (const { cancel, resolve } of entries.values()) {
        cancel()
        resolve(null)
      }
      for (const cancel of late.values()) cancel()
      entries.clear()
      late.clear()
    },
  }
}
