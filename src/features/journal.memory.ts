import type { Journal, JournalEntry, JournalReply } from '../domain/journal.ts'

type Given = { readonly entry: JournalEntry; readonly forgetAt: number }

/** A journal for one process. @param now epoch milliseconds */
export const createMemoryJournal = (deps: {
  readonly now: () => number
  readonly ttlMs?: number
}): Journal => {
  const ttlMs = deps.ttlMs ?? 3_600_000
  /** In the order of `forgetAt`, as a map keeps the order of insertion. */
  const given = new Map<string, Given>()

  const forget = (now: number): void => {
    for (const [key, { forgetAt }] of given) {
      if (forgetAt > now) return
      given.delete(key)
    }
  }

  const firstOf = (entry: JournalEntry, now: number): JournalReply => {
    const key = `${entry.paymentId}:${entry.attempt}`
    const earlier = given.get(key)?.entry
    if (earlier === undefined) {
      given.set(key, { entry, forgetAt: now + ttlMs })
      return { kind: 'first' }
    }
    return earlier.contentHash === entry.contentHash
      ? { kind: 'repeated', bytes: earlier.bytes }
      : { kind: 'reused' }
  }

  return {
    first: (entries) => {
      const now = deps.now()
      forget(now)
      return Promise.resolve(entries.map((entry) => firstOf(entry, now)))
    },
  }
}
