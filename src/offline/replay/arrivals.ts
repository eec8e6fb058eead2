import type { ReplayEvent } from './replayEvent.ts'

/** Something with the time of its arrival, epoch milliseconds. */
export type Arrival = { readonly at: number; readonly event: ReplayEvent }

/** In the order in which they stand in their source; some at a time, as waiting for each one is slow. */
export type Arrivals = AsyncGenerator<readonly Arrival[], void, undefined>

type Side = {
  readonly source: Arrivals
  /** Read and not due yet, from `next` on; none are left when the source has ended. */
  read: readonly Arrival[]
  next: number
}

const readOn = async (side: Side): Promise<void> => {
  while (side.next === side.read.length) {
    const result = await side.source.next()
    side.next = 0
    side.read = result.done === true ? [] : result.value
    if (result.done === true) return
  }
}

const openSide = async (source: Arrivals): Promise<Side> => {
  const side: Side = { source, read: [], next: 0 }
  await readOn(side)
  return side
}

const timeOf = ({ read, next }: Side): number => read[next]?.at ?? Infinity

/** The side whose next event comes first, if it comes by then. */
const earliestBy = (sides: readonly Side[], at: number): Side | null => {
  let earliest: Side | null = null
  for (const side of sides)
    if (timeOf(side) <= at && (earliest === null || timeOf(side) < timeOf(earliest))) earliest = side
  return earliest
}

/**
 * Puts side events among the payments: one that arrives at or before a payment's time comes before it. The order of
 * the payments is kept as it is, and that of each side too: what stands behind a later one arrives with it.
 */
export async function* mergeArrivals(
  payments: Arrivals,
  sources: readonly Arrivals[],
): AsyncGenerator<readonly ReplayEvent[], void, undefined> {
  const sides = await Promise.all(sources.map(openSide))
  try {
    for await (const some of payments) {
      const events: ReplayEvent[] = []
      for (const { at, event } of some) {
        for (let due = earliestBy(sides, at); due !== null; due = earliestBy(sides, at)) {
          const head = due.read[due.next]
          if (head !== undefined) events.push(head.event)
          due.next++
          if (due.next === due.read.length) await readOn(due)
        }
        events.push(event)
      }
      yield events
    }
  } finally {
    await Promise.all(sides.map(({ source }) => source.return()))
  }
}
