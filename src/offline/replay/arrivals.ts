import type { ReplayEvent } from './replay.ts'

/** Something with the time of its arrival, epoch milliseconds. */
export type Arrival = { readonly at: number; readonly event: ReplayEvent }

/**
 * Puts side events among the payments: one that arrives at or before a payment's time comes before it. The order of
 * the payments is kept as it is, and that of each side source too: what stands behind a later one arrives with it.
 */
export async function* mergeArrivals(
  payments: AsyncIterable<Arrival>,
  sides: readonly AsyncIterable<Arrival>[],
): AsyncGenerator<ReplayEvent, void, undefined> {
  const sources = await Promise.all(
    sides.map(async (side) => {
      const iterator = side[Symbol.asyncIterator]()
      return { iterator, head: await iterator.next() }
    }),
  )
  try {
    for await (const { at, event } of payments) {
      for (;;) {
        const earliest = sources
          .filter(({ head }) => head.done !== true && head.value.at <= at)
          .toSorted((a, b) => a.head.value.at - b.head.value.at)[0]
        if (earliest === undefined) break
        yield earliest.head.value.event
        earliest.head = await earliest.iterator.next()
      }
      yield event
    }
  } finally {
    for (const { iterator } of sources) await iterator.return?.()
  }
}
