import type { SimEvent } from '../simulator/simEvent.ts'
import { dayMs } from '../simulator/time.ts'

/** Parts a world in two: the last payments, with all that leads up to each, are still to come; the rest is past. */
export type Window = {
  /** Takes the next event and gives those that are past by now, in their order. */
  readonly take: (event: SimEvent) => readonly SimEvent[]
  /** What is held back: at most so many payments, each after the events between it and the one before. */
  readonly toCome: () => readonly SimEvent[]
}

const nothing: readonly SimEvent[] = []

/** @param payments how many payments are held back */
export const createWindow = (payments: number): Window => {
  // Each a payment with the events that came before it.
  let held: (readonly SimEvent[])[] = []
  let first = 0
  let leading: SimEvent[] = []

  const release = (): readonly SimEvent[] => {
    const past = held[first] ?? nothing
    first += 1
    if (first > payments) {
      held = held.slice(first)
      first = 0
    }
    return past
  }

  return {
    take: (event) => {
      leading.push(event)
      if (event.kind !== 'payment') return nothing
      held.push(leading)
      leading = []
      return held.length - first > payments ? release() : nothing
    },
    toCome: () => held.slice(first).flat(),
  }
}

/** The events that are past; when it is through, `window` holds the others. */
export function* pastOf(events: Iterable<SimEvent>, window: Window): Generator<SimEvent, void, undefined> {
  for (const event of events) yield* window.take(event)
}

/** More days for so few people: an hour and gigabytes to simulate. */
const mostDays = 400
/** Fewer payments on some days than the mean says. */
const quietDays = 1.15

/**
 * Where a world must begin so that at least `pastDays` lie before its last payments when it ends at `now`: a
 * midnight in UTC, as days are counted from there. null: these accounts would need more than a year for that.
 */
export const worldStart = (options: {
  readonly now: number
  readonly pastDays: number
  readonly payments: number
  readonly paymentsPerDay: number
}): number | null => {
  const liveDays = Math.ceil((quietDays * options.payments) / options.paymentsPerDay)
  if (liveDays + options.pastDays > mostDays) return null
  return Math.floor(options.now / dayMs) * dayMs - (options.pastDays + liveDays) * dayMs
}
