import { recordCount, type Appends } from './appends.ts'

/** Appends that Redis did not take, or may not have taken, in their order. Readers recognise what came twice. */
export type Missed = {
  /** True while something waits to be appended or to be declared lost. */
  readonly pending: boolean
  /** Number of records, counted once for each log, that wait. */
  readonly waiting: number
  /** False: there was no room, and the batch is lost. */
  add(appends: Appends): boolean
  /** At most `count` batches, in their order. */
  oldest(count: number): readonly Appends[]
  /** The `count` oldest batches have been appended. */
  removeOldest(count: number): void
  /** By shard, epoch ms of the newest payment that was lost. */
  lostUntil(): ReadonlyMap<number, number>
  /** These losses have been declared. */
  forgetLost(declared: ReadonlyMap<number, number>): void
}

/** A reference to a key, a list of record numbers and their object, in V8. */
const touchedBytes = 150

const bytesOf = ({ records, touched }: Appends): number => records.byteLength + touched.length * touchedBytes

/** @param maxBytes roughly, in memory */
export const createMissed = (maxBytes: number): Missed => {
  const queue: Appends[] = []
  const lost = new Map<number, number>()
  let bytes = 0
  let waiting = 0

  const lose = ({ touched, latest }: Appends): void => {
    for (const { entity } of touched)
      lost.set(entity.shard, Math.max(lost.get(entity.shard) ?? -Infinity, latest))
  }

  return {
    get pending() {
      return queue.length > 0 || lost.size > 0
    },
    get waiting() {
      return waiting
    },
    add: (appends) => {
      if (bytes + bytesOf(appends) > maxBytes) {
        lose(appends)
        return false
      }
      queue.push(appends)
      bytes += bytesOf(appends)
      waiting += recordCount(appends)
      return true
    },
    oldest: (count) => queue.slice(0, count),
    removeOldest: (count) => {
      for (const appends of queue.splice(0, count)) {
        bytes -= bytesOf(appends)
        waiting -= recordCount(appends)
      }
    },
    lostUntil: () => new Map(lost),
    forgetLost: (declared) => {
      for (const [shard, until] of declared) if ((lost.get(shard) ?? 0) <= until) lost.delete(shard)
    },
  }
}
