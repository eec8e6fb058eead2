import type { Conduct } from './probation.ts'

/** One decided payment, as far as its bundle answers for it. */
export type Seen = {
  readonly scored: boolean
  readonly blocked: boolean
  /** Its own part took longer than it may. */
  readonly slow: boolean
}

/** Largest share of slow payments that a second may have. */
const slowShare = 0.05
const secondMs = 1_000

type Second = { readonly at: number; payments: number; unscored: number; blocked: number; slow: number }

/** Counts what a bundle decides, by second, for as long as is asked about. */
export type ConductLog = {
  /** @param now epoch ms */
  readonly add: (seen: Seen, now: number) => void
  /** Of the seconds since `from`, epoch ms. */
  readonly since: (from: number) => Conduct
  readonly clear: () => void
}

/** @param keptMs what is older is forgotten */
export const createConductLog = (keptMs: number): ConductLog => {
  const seconds: Second[] = []

  const secondAt = (now: number): Second => {
    const at = Math.floor(now / secondMs)
    const last = seconds.at(-1)
    // A clock that steps back adds to the second that it was in.
    if (last !== undefined && last.at >= at) return last
    const next = { at, payments: 0, unscored: 0, blocked: 0, slow: 0 }
    seconds.push(next)
    while (seconds.length > 0 && (seconds[0]!.at + 1) * secondMs < now - keptMs) seconds.shift()
    return next
  }

  return {
    add: ({ scored, blocked, slow }, now) => {
      const second = secondAt(now)
      second.payments++
      if (!scored) second.unscored++
      if (blocked) second.blocked++
      if (slow) second.slow++
    },
    since: (from) => {
      const total = { payments: 0, unscored: 0, blocked: 0, seconds: 0, slowSeconds: 0 }
      for (const second of seconds) {
        if ((second.at + 1) * secondMs <= from) continue
        total.payments += second.payments
        total.unscored += second.unscored
        total.blocked += second.blocked
        total.seconds++
        if (second.slow > second.payments * slowShare) total.slowSeconds++
      }
      return total
    },
    clear: () => void seconds.splice(0),
  }
}
