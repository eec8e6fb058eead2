import type { ShedLevel } from '../domain/shedding.ts'

export type OverloadOptions = {
  readonly deadlineMs: number
  /**
   * Share of the deadline that payments may have waited before the first work is left out; the second at twice, the
   * third at three times that. 0: never.
   */
  readonly fromShare: number
  /** So long payments must have come in time again before one kind of work comes back. */
  readonly calmMs: number
}

/** What to leave out, from how old payments are when they are decided. */
export type Overload = {
  /**
   * @param ageMs of the payments of a micro-batch; a clock that is behind makes it negative
   * @param at monotonic milliseconds
   */
  readonly see: (ageMs: number, at: number) => ShedLevel
  /** For a timer: where no payment has come for as long as calm takes, none waits. */
  readonly rest: (at: number) => ShedLevel
  readonly level: () => ShedLevel
}

const levels: readonly ShedLevel[] = [0, 1, 2, 3]
/** A level is left only well below where it began, or the queue would swing about one point. */
const fallShare = 0.5

const oneLess = (level: ShedLevel): ShedLevel => levels[level - 1] ?? 0

/** Rises at once, as high as it must; falls one level at a time, after calm. Pure: the clock is a parameter. */
export const createOverload = ({ deadlineMs, fromShare, calmMs }: OverloadOptions): Overload => {
  let level: ShedLevel = 0
  /** When what was seen last spoke for the level. */
  let heldAt = -Infinity
  let seenAt = -Infinity

  /** The age from which a level holds. */
  const from = (which: ShedLevel): number => which * fromShare * deadlineMs
  const wanted = (ageMs: number): ShedLevel =>
    fromShare === 0 ? 0 : (levels.findLast((each) => each === 0 || ageMs >= from(each)) ?? 0)

  const see = (ageMs: number, at: number): ShedLevel => {
    seenAt = at
    const due = wanted(ageMs)
    if (due > level) level = due
    else if (level > 0 && ageMs < fallShare * from(level)) {
      if (at - heldAt < calmMs) return level
      level = oneLess(level)
    }
    heldAt = at
    return level
  }

  return {
    see,
    rest: (at) => (at - seenAt >= calmMs ? see(0, at) : level),
    level: () => level,
  }
}
