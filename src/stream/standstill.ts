export type StandstillDeps = {
  /** Milliseconds that never step back. */
  readonly monotonic: () => number
  /** Of silence of our own, after which others may have what is ours. */
  readonly limitMs: number
}

/** How often this process did nothing at all for longer than it may: stopped, swapped out, or busy with one thing. */
export type Standstill = {
  /** Asked regularly, at least three times within the limit. */
  readonly observe: () => void
  /** The one that has just ended and that nobody has observed yet counts too. */
  readonly count: () => number
}

/** Whoever asks right after a standstill, before any timer runs, must know of it. */
export const createStandstill = ({ monotonic, limitMs }: StandstillDeps): Standstill => {
  let seenAt = monotonic()
  let count = 0
  const observe = (): void => {
    const now = monotonic()
    if (now - seenAt > limitMs) count += 1
    seenAt = now
  }
  return {
    observe,
    count: () => {
      observe()
      return count
    },
  }
}
