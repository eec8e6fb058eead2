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
}

type Entry = {
  /** null: has given up. */
  resolve: ((decision: Decision | null) => void) | null
  cancel: Cancel
}

export const createWaiting = ({ schedule, onLate, lateMs }: WaitingDeps): Waiting => {
  const entries = new Map<string, Entry>()

  const expire = (correlationId: string, entry: Entry): void => {
    entry.resolve?.(null)
    entry.resolve = null
    entry.cancel = schedule(lateMs, () => entries.delete(correlationId))
  }

  return {
    wait: (correlationId, timeoutMs) =>
      new Promise((resolve) => {
        const entry: Entry = { resolve, cancel: () => undefined }
        entry.cancel = schedule(timeoutMs, () => expire(correlationId, entry))
        entries.set(correlationId, entry)
      }),
    arrive: (correlationId, decision) => {
      const entry = entries.get(correlationId)
      if (entry === undefined) return
      entries.delete(correlationId)
      entry.cancel()
      if (entry.resolve === null) onLate(correlationId, decision)
      else entry.resolve(decision)
    },
    giveUp: () => {
      for (const entry of entries.values()) {
        entry.cancel()
        entry.resolve?.(null)
      }
      entries.clear()
    },
  }
}
