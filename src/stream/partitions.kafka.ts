import type { Consumer, EachBatchPayload } from 'kafkajs'
import { toRawRecord } from './messages.ts'
import type { RawRecord } from './record.ts'

/** A partition and the first offset that is wanted of it. */
export type PartitionStart = { readonly topic: string; readonly partition: number; readonly start: number }

/** One partition, read in its order by whoever asks. */
export type PartitionReader = PartitionStart & {
  /** Some of the records before the offset `until`; none once all of them were handed out. */
  read(until: number): Promise<readonly RawRecord[]>
  /** The next record before the offset `until`, which stays to be read; null where there is none. */
  peek(until: number): Promise<RawRecord | null>
}

export type PartitionReaders = {
  readonly readers: readonly PartitionReader[]
  /** Leaves the group. */
  readonly close: () => Promise<void>
}

/** A partition with more than this many records unread rests; a fetch more may be under way. */
const enough = 2_000

type Buffered = PartitionReader & {
  readonly take: (records: readonly RawRecord[]) => void
  /** Everything before this offset has come, or is no record that a reader gets. */
  readonly reach: (offset: number) => void
  readonly position: () => number
  readonly isFull: () => boolean
  readonly fail: (error: Error) => void
}

const createBuffered = (from: PartitionStart, onDrained: () => void): Buffered => {
  let unread: RawRecord[] = []
  let position = from.start
  let failure: Error | null = null
  let wake: () => void = () => undefined

  /** Until something is there or nothing more will be. */
  const settled = async (until: number): Promise<void> => {
    while (unread.length === 0 && position < until) {
      if (failure !== null) throw failure
      onDrained()
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  const countBefore = (until: number): number => {
    const beyond = unread.findIndex(({ offset }) => offset >= until)
    return beyond < 0 ? unread.length : beyond
  }

  return {
    ...from,
    read: async (until) => {
      await settled(until)
      const records = unread.splice(0, countBefore(until))
      if (unread.length < enough) onDrained()
      return records
    },
    peek: async (until) => {
      await settled(until)
      const [first] = unread
      return first !== undefined && first.offset < until ? first : null
    },
    take: (records) => {
      // After a rebalance what has come before comes again.
      unread = unread.concat(records.filter(({ offset }) => offset >= position))
    },
    reach: (offset) => {
      position = Math.max(position, offset)
      wake()
    },
    position: () => position,
    isFull: () => unread.length >= enough,
    fail: (error) => {
      failure ??= error
      wake()
    },
  }
}

const keyOf = (topic: string, partition: number): string => `${topic} ${partition}`

/**
 * Reads partitions side by side, each as fast as it is asked: what nobody reads rests in Kafka. Commits nothing, so
 * the group is to be one of this reader's own. @param consumer not connected yet
 */
export const openPartitions = async (
  consumer: Consumer,
  starts: readonly PartitionStart[],
): Promise<PartitionReaders> => {
  const buffers = new Map<string, Buffered>()
  const resting = new Set<string>()
  for (const start of starts) {
    const { topic, partition } = start
    const resume = (): void => {
      if (resting.delete(keyOf(topic, partition))) consumer.resume([{ topic, partitions: [partition] }])
    }
    buffers.set(keyOf(topic, partition), createBuffered(start, resume))
  }

  const seekAll = (): void => {
    for (const { topic, partition, position } of buffers.values())
      consumer.seek({ topic, partition, offset: String(position()) })
  }
  const failAll = (error: Error): void => {
    for (const buffer of buffers.values()) buffer.fail(error)
  }

  const eachBatch = ({ batch, resolveOffset, pause, isStale }: EachBatchPayload): Promise<void> => {
    const { topic, partition, messages } = batch
    const buffer = buffers.get(keyOf(topic, partition))
    // What was fetched before the seek is not what is wanted.
    if (buffer === undefined || isStale()) return Promise.resolve()
    buffer.take(messages.map((message) => toRawRecord(topic, partition, message, 0)))
    resolveOffset(batch.lastOffset())
    if (buffer.isFull()) {
      pause()
      resting.add(keyOf(topic, partition))
    }
    buffer.reach(Number(batch.lastOffset()) + 1)
    return Promise.resolve()
  }

  consumer.on(consumer.events.GROUP_JOIN, seekAll)
  // Also of what holds no record for a reader: the marks of transactions.
  consumer.on(
    consumer.events.END_BATCH_PROCESS,
    ({ payload: { topic, partition, batchSize, lastOffset } }) => {
      if (batchSize === 0) buffers.get(keyOf(topic, partition))?.reach(Number(lastOffset) + 1)
    },
  )
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) failAll(payload.error)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [...new Set(starts.map(({ topic }) => topic))], fromBeginning: true })
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })

  return { readers: [...buffers.values()], close: () => consumer.disconnect() }
}
