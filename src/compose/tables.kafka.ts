import { randomUUID } from 'node:crypto'
import type { Kafka } from 'kafkajs'
import type { Refused } from '../domain/received.ts'
import type { TableInput } from '../features/degraded.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import { retryOptions } from '../stream/client.kafka.ts'
import type { RawRecord } from '../stream/record.ts'
import { createTableConsumer, type Table } from '../stream/tableConsumer.kafka.ts'

/** Payments do not wait longer than this for tables: they are decided without, and say so. */
const loadWithinMs = 10_000

export type TableDeps = {
  readonly kafka: Kafka
  readonly consumerOptions: Omit<Parameters<Kafka['consumer']>[0], 'groupId'>
  /** Of the payments: the table's own group is named after it. */
  readonly groupId: string
  readonly metrics: Pick<Metrics, 'setTableEntries' | 'setTableNewest' | 'countTableRecords'>
  readonly log: Log
  readonly monotonic: () => number
  readonly onCrash: (error: Error) => void
}

/** A compacted topic, and what becomes of it in memory. */
export type TableSpec<T> = {
  readonly name: TableInput
  readonly topic: string
  readonly decode: (record: RawRecord) => T | Refused
  readonly isRefused: (decoded: T | Refused) => decoded is Refused
  readonly table: Table<T> & { readonly size: () => number }
}

/** A topic that this instance holds in memory. */
export type OpenTable = {
  readonly name: TableInput
  readonly topic: string
  /** Of this instance alone. */
  readonly groupId: string
  /** Resolves when the table is loaded, or when that takes too long. */
  readonly start: () => Promise<void>
  /** Why the instance is not ready; null: the table is loaded. */
  readonly missing: () => string | null
  readonly stop: () => Promise<void>
}

export const openTable = <T>(deps: TableDeps, spec: TableSpec<T>): OpenTable => {
  const { kafka, metrics, log, monotonic } = deps
  const { name, topic, table } = spec
  const groupId = `${deps.groupId}-${name}-${randomUUID()}`
  let newestAt = -Infinity

  const consumer = createTableConsumer<T>({
    consumer: kafka.consumer({ ...deps.consumerOptions, groupId }),
    groupId,
    createAdmin: () => kafka.admin({ retry: retryOptions }),
    topic,
    decode: spec.decode,
    isRefused: spec.isRefused,
    table: {
      apply: async (changes) => {
        await table.apply(changes)
        for (const { at } of changes) newestAt = Math.max(newestAt, at)
        metrics.setTableEntries(name, table.size())
        if (newestAt >= 0) metrics.setTableNewest(name, newestAt / 1000)
      },
      clear: () => {
        table.clear()
        metrics.setTableEntries(name, 0)
        log.warn({ topic }, 'a topic was made anew: its table begins empty')
      },
    },
    monotonic,
    observe: (result, count) => metrics.countTableRecords(name, result, count),
    onRefused: ({ source, reason, field, detail }) =>
      log.warn(
        { topic, partition: source.partition, offset: source.offset, reason, field, detail },
        'an entry cannot be read; what was known of its key stays',
      ),
    onFailure: (error) => log.warn({ error, groupId }, 'the group of a table could not be deleted'),
    onCrash: deps.onCrash,
  })

  const missing = (): string | null => {
    const remaining = consumer.remaining()
    if (Number.isNaN(remaining)) return 'is not read yet'
    return remaining === 0 ? null : `${remaining} records are still to be read`
  }

  const loadedInTime = async (): Promise<void> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, loadWithinMs)
    })
    await Promise.race([consumer.loaded, late]).finally(() => clearTimeout(timer))
  }

  return {
    name,
    topic,
    groupId,
    start: async () => {
      const startedAt = monotonic()
      metrics.setTableEntries(name, 0)
      await consumer.start()
      void consumer.loaded.then(() =>
        log.info(
          { topic, entries: table.size(), ms: Math.round(monotonic() - startedAt) },
          'a table is loaded',
        ),
      )
      await loadedInTime()
      if (missing() !== null) log.warn({ topic, missing: missing() }, 'a table is not loaded yet')
    },
    missing,
    stop: consumer.stop,
  }
}
