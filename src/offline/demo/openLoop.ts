import type { Departure } from './timetable.ts'

export type OpenLoopDeps<Event> = {
  /** Milliseconds that never step back. */
  readonly monotonic: () => number
  readonly wait: (ms: number) => Promise<void>
  /** Sends what is due. The loop does not wait for it: a slow receiver must not slow the sender down. */
  readonly send: (due: readonly Departure<Event>[]) => Promise<void>
}

/**
 * Sends each departure when its time has come, whatever became of the ones before. What is late leaves together,
 * and keeps its intended time.
 * Resolves when everything has been sent and taken; rejects with the first failure, after which nothing more leaves.
 */
export const openLoop = async <Event>(
  departures: readonly Departure<Event>[],
  startedAt: number,
  { monotonic, wait, send }: OpenLoopDeps<Event>,
): Promise<void> => {
  const failures: unknown[] = []
  const sending: Promise<void>[] = []
  let next = 0
  while (next < departures.length && failures.length === 0) {
    const elapsed = monotonic() - startedAt
    const first = next
    while (next < departures.length && (departures[next]?.atMs ?? Infinity) <= elapsed) next += 1
    if (next > first) {
      const sent = send(departures.slice(first, next))
      sending.push(sent.catch((error: unknown) => void failures.push(error)))
    } else await wait((departures[next]?.atMs ?? 0) - elapsed)
  }
  await Promise.all(sending)
  if (failures.length > 0) throw failures[0]
}
