import type { ReplayEvent } from './replay.ts'

/** Something with the time of its arrival, epoch milliseconds. */
export type Arrival = { readonly at: number; readonly event: ReplayEvent }

/** In the order in which they stand in their source. */
export type Arrivals = AsyncGenerator<Arrival, void, undefined>

type Side = {
  readonly next: () => Promise<Arrival | null>
  readonly stop: () => Promise<void>
  head: Arrival | null
}

const openSide = async (source: Arrivals): Promise<Side> => {
  const next = async (): Promise<Arrival | null> => {
    const result = await source.next()
    return result.done === true ? null : result.value
  }
  return { next, stop: async () => void (await source.return()), head: await next() }
}

/** The side whose next event comes first, if it comes by then. */
const earliestBy = (
  sides: readonly Side[],
  at: number,
): { readonly side: Side; readonly head: Arrival } | null => {
  let earliest: { readonly side: Side; readonly head: Arrival } | null = null
  for (const side of sides) {
    const { head } = side
    if (head !== null && head.at <= at && (earliest === null || head.at < earliest.head.at))
      earliest = { side, head }
  }
  return earliest
}

/**
 * Puts side events among the payments: one that arrives at or before a payment's time comes before it. The order of
 * the payments is kept as it is, and that of each side too: what stands behind a later one arrives with it.
 */
export async function* mergeArrivals(
  payments: Arrivals,
  sources: readonly Arrivals[],
): AsyncGenerator<ReplayEvent, void, undefined> {
  const sides = await Promise.all(sources.map(openSide))
  try {
    for await (const { at, event } of payments) {
      for (let due = earliestBy(sides, at); due !== null; due = earliestBy(sides, at)) {
        yield due.head.event
        due.side.head = await due.side.next()
      }
      yield event
    }
  } finally {
    await Promise.all(sides.map((side) => side.stop()))
  }
}
