import type { Kafka } from 'kafkajs'
import { SluiceError } from '../errors.ts'
import { goOnFrom } from './goOnFrom.ts'
import { inTime } from './inTime.ts'
import { metadataMaxAgeMs } from './client.kafka.ts'
import { installedVersion, partOfKafkajs, provedVersion } from './installedKafkajs.kafka.ts'
import { toRawRecord } from './messages.ts'
import type { RawRecord } from './record.ts'

/** Some records of a partition, and the offset to go on from: beyond what holds no record for a reader too. */
export type Fetched = { readonly records: readonly RawRecord[]; readonly next: number }

/** Reads partitions with no consumer group: nobody has to join, wait or be counted. */
export type PartitionFetch = {
  readonly connect: () => Promise<void>
  /** Where the partition begins and where it ended just now. */
  readonly bounds: (
    topic: string,
    partition: number,
  ) => Promise<{ readonly start: number; readonly end: number }>
  /** The first offset whose record is not older; null: there is none. @param timestamp epoch milliseconds */
  readonly offsetAt: (topic: string, partition: number, timestamp: number) => Promise<number | null>
  /** What one request brings. @param from within the bounds */
  readonly read: (topic: string, partition: number, from: number) => Promise<Fetched>
  readonly close: () => Promise<void>
}

type FetchRequest = {
  readonly maxWaitTime: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly isolationLevel: number
  readonly topics: readonly {
    readonly topic: string
    readonly partitions: readonly {
      readonly partition: number
      readonly fetchOffset: string
      readonly maxBytes: number
    }[]
  }[]
}
type FetchedData = { readonly partition: number; readonly lastStableOffset: string }
type Broker = {
  fetch(request: FetchRequest): Promise<{
    readonly responses: readonly { readonly partitions: readonly FetchedData[] }[]
  }>
}
type Cluster = {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addTargetTopic(topic: string): Promise<void>
  refreshMetadata(): Promise<void>
  refreshMetadataIfNecessary(): Promise<void>
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, number[]>>
  findBroker(which: { readonly nodeId: string }): Promise<Broker>
  fetchTopicsOffset(
    topics: readonly {
      readonly topic: string
      readonly partitions: readonly { readonly partition: number }[]
      readonly fromBeginning?: boolean
      readonly fromTimestamp?: number
    }[],
  ): Promise<readonly { readonly partitions: readonly { readonly offset: string }[] }[]>
}
type Batch = {
  readonly messages: readonly Parameters<typeof toRawRecord>[2][]
  readonly lastOffset: () => string
  /** Also without what a reader does not see. */
  readonly isEmptyIncludingFiltered: () => boolean
  /** Only records before the offset asked for came: it is in a gap within what was compressed together. */
  readonly isEmptyDueToLogCompactedMessages: () => boolean
}
type BatchClass = new (topic: string, from: string, data: object) => Batch
type CreateCluster = (options: {
  readonly metadataMaxAge: number
  readonly allowAutoTopicCreation: boolean
  readonly isolationLevel: number
}) => Cluster

/** Of one request; a larger record comes nevertheless. */
const maxBytes = 1_048_576
const readCommitted = 1

/** Beyond the time-out of one request: whoever waits here holds a partition. */
const patienceMs = 20_000
const patient = <T>(asked: Promise<T>): Promise<T> => inTime(asked, patienceMs, 'no answer')

const broughtNothing = (batch: Batch): boolean =>
  batch.isEmptyIncludingFiltered() && !batch.isEmptyDueToLogCompactedMessages()

/** kafkajs exports no way to read without a group: this is how its own consumers do it. */
const clusterOf = (kafka: Kafka): Cluster => {
  const version = installedVersion()
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  )
  if (version !== provedVersion || symbol === undefined)
    throw new SluiceError(
      'CONFIG_INVALID',
      `kafkajs ${version} is installed; expected ${provedVersion}: answers given before a takeover are read through its inner parts`,
    )
  const create = (kafka as unknown as Readonly<Record<symbol, CreateCluster>>)[symbol]
  if (create === undefined) throw new TypeError('kafkajs lost the way to make a cluster')
  return create({
    metadataMaxAge: metadataMaxAgeMs,
    allowAutoTopicCreation: false,
    isolationLevel: readCommitted,
  })
}

/** Only what was committed by a transaction, or written without one, is read. */
export const createPartitionFetch = (kafka: Kafka): PartitionFetch => {
  const cluster = clusterOf(kafka)
  const BatchOf = partOfKafkajs('consumer/batch') as BatchClass

  /** Who leads a partition changes: after any failure that is asked again, and the caller tries again. */
  const asking = async <Result>(topic: string, ask: () => Promise<Result>): Promise<Result> => {
    try {
      return await patient(
        (async () => {
          await cluster.addTargetTopic(topic)
          await cluster.refreshMetadataIfNecessary()
          return ask()
        })(),
      )
    } catch (cause) {
      await patient(cluster.refreshMetadata()).catch(() => undefined)
      throw new SluiceError('KAFKA_UNAVAILABLE', `${topic} could not be read`, { cause, retriable: true })
    }
  }

  const offsetOf = (
    topic: string,
    partition: number,
    which: { readonly fromBeginning?: boolean; readonly fromTimestamp?: number },
  ): Promise<number> =>
    asking(topic, async () => {
      const [found] = await cluster.fetchTopicsOffset([{ topic, partitions: [{ partition }], ...which }])
      const offset = found?.partitions[0]?.offset
      if (offset === undefined) throw new RangeError(`${topic} has no partition ${partition}`)
      return Number(offset)
    })

  return {
    connect: () => cluster.connect(),
    bounds: async (topic, partition) => ({
      start: await offsetOf(topic, partition, { fromBeginning: true }),
      end: await offsetOf(topic, partition, { fromBeginning: false }),
    }),
    offsetAt: async (topic, partition, fromTimestamp) => {
      const offset = await offsetOf(topic, partition, { fromTimestamp })
      return offset < 0 ? null : offset
    },
    read: (topic, partition, from) =>
      asking(topic, async () => {
        const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]))
        if (nodeId === undefined) throw new RangeError(`${topic} has no partition ${partition}`)
        const broker = await cluster.findBroker({ nodeId })
        const fetchOffset = String(from)
        const { responses } = await broker.fetch({
          maxWaitTime: 100,
          minBytes: 1,
          maxBytes,
          isolationLevel: readCommitted,
          topics: [{ topic, partitions: [{ partition, fetchOffset, maxBytes }] }],
        })
        const data = responses.flatMap(({ partitions }) => partitions)[0]
        if (data === undefined) return { records: [], next: from }
        const batch = new BatchOf(topic, fetchOffset, data)
        return {
          records: batch.messages.map((message) => toRawRecord(topic, partition, message, 0)),
          next: goOnFrom(from, {
            lastOffset: broughtNothing(batch) ? null : Number(batch.lastOffset()),
            lastStableOffset: Number(data.lastStableOffset),
          }),
        }
      }),
    close: () => cluster.disconnect(),
  }
}
