import type { Admin, Consumer, EachBatchPayload } from 'kafkajs'
import type { Refused } from '../domain/received.ts'
import { inTime } from './inTime.ts'
import { toRawRecord } from './messages.ts'
import { fetchEnds } from './topicEnds.kafka.ts'
import type { RawRecord } from './record.ts'
import { createTablePositions } from './tablePositions.ts'

/** One record of a compacted topic. */
export type TableChange<T> = {
  readonly key: string
  /** null: the entry is deleted. */
  readonly value: T | null
  /** Epoch milliseconds, Kafka's record timestamp; -1: none. */
  readonly at: number
}

/** What a compacted topic becomes in memory. */
export type Table<T> = {
  /** Takes changes over, in the order of the topic. */
  readonly apply: (changes: readonly TableChange<T>[]) => void | Promise<void>
  /** Forgets all entries: the topic was made anew. */
  readonly clear: () => void
}

export type TableConsumerDeps<T> = {
  /** Of a group that no other instance is in: each reads all. */
  readonly consumer: Consumer
  readonly groupId: string
  readonly createAdmin: () => Pick<Admin, 'connect' | 'disconnect' | 'fetchTopicOffsets' | 'deleteGroups'>
  readonly topic: string
  readonly decode: (record: RawRecord) => T | Refused
  readonly isRefused: (decoded: T | Refused) => decoded is Refused
  readonly table: Table<T>
  readonly monotonic: () => number
  readonly observe: (result: TableResult, count: number) => void
  /** Told of each entry that cannot be read. It stays in the topic; an earlier entry of its key stays in the table. */
  readonly onRefused: (refused: Refused) => void
  /** The group could not be deleted: Kafka forgets it by itself later. */
  readonly onFailure: (error: unknown) => void
  readonly onCrash: (error: Error) => void
}

export const tableResults = ['applied', 'deleted', 'refused'] as const
export type TableResult = (typeof tableResults)[number]

export type TableConsumer = {
  /** Resolves when the topic is being read; rejects as kafkajs does. */
  readonly start: () => Promise<void>
  /** Resolves when everything that the topic held at the start is in the table. */
  readonly loaded: Promise<void>
  /** Records that are to be read before the table is loaded: 0 from then on; NaN: not known yet. */
  readonly remaining: () => number
  /** Ends reading and deletes the group. */
  readonly stop: () => Promise<void>
}

/** While Kafka is away nobody waits longer for the group to go: it expires by itself. */
const deleteWithinMs = 2_000

/**
 * Holds a compacted topic in memory: read from its beginning, loaded at the end that it had at the start, then kept
 * up with. What Kafka says while it is away is nothing: the table stays as it was.
 */
export const createTableConsumer = <T>(deps: TableConsumerDeps<T>): TableConsumer => {
  const { consumer, topic, table } = deps
  const positions = createTablePositions()
  let tellLoaded = (): void => undefined
  const loaded = new Promise<void>((resolve) => {
    tellLoaded = resolve
  })
  const tellIfLoaded = (): void => {
    if (positions.remaining() === 0) tellLoaded()
  }

  const changesOf = (records: readonly RawRecord[]): readonly TableChange<T>[] => {
    const changes: TableChange<T>[] = []
    let [deleted, refused] = [0, 0]
    for (const record of records) {
      const { key, value, timestamp: at } = record
      const name = key?.toString('utf8') ?? ''
      if (value === null) {
        deleted++
        changes.push({ key: name, value: null, at })
        continue
      }
      const decoded = deps.decode(record)
      if (deps.isRefused(decoded)) {
        refused++
        deps.onRefused(decoded)
      } else changes.push({ key: name, value: decoded, at })
    }
    deps.observe('applied', changes.length - deleted)
    deps.observe('deleted', deleted)
    deps.observe('refused', refused)
    return changes
  }

  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, uncommittedOffsets } = payload
    const { partition } = batch
    if (positions.isAnotherTopic(partition, Number(batch.highWatermark))) {
      positions.forget()
      table.clear()
    }
    const enteredAt = deps.monotonic()
    const records = batch.messages
      .map((message) => toRawRecord(topic, partition, message, enteredAt))
      .filter(({ offset }) => positions.isNew(partition, offset))
    await table.apply(changesOf(records))
    resolveOffset(batch.lastOffset())
    // How far the group has come is how its lag is told.
    await commitOffsetsIfNecessary(uncommittedOffsets())
    await heartbeat()
  }

  // Also told where a fetch brought only markers of transactions and what was aborted, for which nobody is called.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    positions.reach(payload.partition, Number(payload.lastOffset) + 1)
    tellIfLoaded()
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) deps.onCrash(payload.error)
  })

  const withAdmin = async (use: (admin: ReturnType<typeof deps.createAdmin>) => Promise<unknown>) => {
    const admin = deps.createAdmin()
    try {
      await admin.connect()
      await use(admin)
    } finally {
      await admin.disconnect()
    }
  }

  return {
    start: async () => {
      await withAdmin(async (admin) => {
        const extents = await fetchEnds(admin, topic)
        positions.expect(
          extents.map(({ partition, low, high }) => ({ partition, low: Number(low), end: Number(high) })),
        )
      })
      tellIfLoaded()
      await consumer.connect()
      await consumer.subscribe({ topics: [topic], fromBeginning: true })
      await consumer.run({
        autoCommit: true,
        autoCommitInterval: 0,
        eachBatchAutoResolve: false,
        eachBatch,
      })
    },
    loaded,
    remaining: positions.remaining,
    stop: async () => {
      await consumer.stop()
      await consumer.disconnect()
      await inTime(
        withAdmin((admin) => admin.deleteGroups([deps.groupId])),
        deleteWithinMs,
        'Kafka has not deleted the group of a table',
      ).catch(deps.onFailure)
    },
  }
}
