import { recordCount, type Appends } from './appends.ts'

/** What waits, as one holder hands it to another. */
export type Waiting = {
  readonly appends: readonly Appends[]
  /** By shard, epoch ms of the newest payment that was lost. */
  readonly lostUntil: ReadonlyMap<number, number>
}

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
  /** All of it; afterwards nothing waits here. */
  release(): Waiting
  /** Takes what another one has released, whatever the room: it had been let in once. */
  adopt(waiting: Waiting): void
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

  const loseUntil = (shard: number, until: number): void =>
    void lost.set(shard, Math.max(lost.get(shard) ?? -Infinity, until))

  const keep = (appends: Appends): void => {
    queue.push(appends)
    bytes += bytesOf(appends)
    waiting += recordCount(appends)
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
        for (const { entity } of appends.touched) loseUntil(entity.shard, appends.latest)
        return false
      }
      keep(appends)
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
    release: () => {
      const released = { appends: queue.splice(0), lostUntil: new Map(lost) }
      lost.clear()
      bytes = 0
      waiting = 0
      return released
    },
    adopt: ({ appends, lostUntil }) => {
      for (const each of appends) keep(each)
      for (const [shard, until] of lostUntil) loseUntil(shard, until)
    },
  }
}
