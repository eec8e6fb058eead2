import type { Admin, Kafka } from 'kafkajs'
import { SluiceError } from '../../errors.ts'
import { openPartitions, type PartitionReader } from '../../stream/partitions.kafka.ts'
import type { TopicNames } from '../../stream/topicSpec.ts'

export const sourceNames = ['payments', 'decisions', 'accountEvents', 'riskFeedback', 'deviceHealth'] as const
export type SourceName = (typeof sourceNames)[number]

/** A partition with what is left of it. */
export type SourcePartition = { readonly reader: PartitionReader; readonly low: number }

/** By topic, then by partition: the offset after the last record that is there. */
export type Ends = Readonly<Record<SourceName, ReadonlyMap<number, number>>>

export type SourceTopics = {
  readonly partitions: Readonly<Record<SourceName, readonly SourcePartition[]>>
  /** As of now. Whatever was decided by then has its payment before the end of `payments`. */
  readonly ends: () => Promise<Ends>
  /** Leaves nothing behind in Kafka. */
  readonly close: () => Promise<void>
}

export type SourceTopicsDeps = {
  readonly kafka: Kafka
  readonly topics: TopicNames
  /** Of this run alone. */
  readonly groupId: string
  /** Epoch ms: records before it are left out. */
  readonly from: number
}

/** A decision's timestamp is its sender's, and comes after its payment's; clocks differ. */
const decisionsEarlierMs = 3_600_000

const maxWaitMs = 100
const bytesPerPartition = 524_288
const sessionTimeoutMs = 30_000

const checkTopics = async (admin: Admin, topics: TopicNames): Promise<readonly SourceName[]> => {
  const present = new Set(await admin.listTopics())
  const needed = sourceNames.filter((name) => name !== 'deviceHealth')
  const missing = needed.map((name) => topics[name]).filter((topic) => !present.has(topic))
  if (missing.length > 0)
    throw new SluiceError(
      'TOPIC_MISMATCH',
      `histories are rebuilt from topics; there is no ${missing.join(', no ')}`,
    )
  return sourceNames.filter((name) => present.has(topics[name]))
}

type Start = { readonly partition: number; readonly low: number; readonly start: number }

const startsOf = async (admin: Admin, topic: string, from: number): Promise<readonly Start[]> => {
  const [offsets, byTime] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchTopicOffsetsByTimestamp(topic, Math.max(0, from)),
  ])
  const wanted = new Map(byTime.map(({ partition, offset }) => [partition, Number(offset)]))
  return offsets.map(({ partition, low }) => ({
    partition,
    low: Number(low),
    start: Math.max(Number(low), wanted.get(partition) ?? 0),
  }))
}

const endsOf = async (admin: Admin, topic: string): Promise<ReadonlyMap<number, number>> =>
  new Map(
    (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)] as const),
  )

const none: ReadonlyMap<number, number> = new Map()

/** @throws SluiceError KAFKA_UNAVAILABLE, and TOPIC_MISMATCH where a topic is missing; `device-health` may be */
export const openSourceTopics = async (deps: SourceTopicsDeps): Promise<SourceTopics> => {
  const { kafka, topics, groupId, from } = deps
  const admin = kafka.admin()
  await admin.connect().catch((cause: unknown) => {
    throw new SluiceError('KAFKA_UNAVAILABLE', 'Kafka does not answer', { cause, retriable: true })
  })
  try {
    const present = await checkTopics(admin, topics)
    const starts = new Map<SourceName, readonly Start[]>()
    for (const name of present)
      starts.set(
        name,
        await startsOf(admin, topics[name], name === 'decisions' ? from - decisionsEarlierMs : from),
      )
    if (starts.get('payments')?.length !== starts.get('decisions')?.length)
      throw new SluiceError(
        'TOPIC_MISMATCH',
        `${topics.decisions}: expected as many partitions as ${topics.payments} has`,
      )

    const consumer = kafka.consumer({
      groupId,
      maxWaitTimeInMs: maxWaitMs,
      maxBytesPerPartition: bytesPerPartition,
      sessionTimeout: sessionTimeoutMs,
      allowAutoTopicCreation: false,
    })
    const { readers, close } = await openPartitions(
      consumer,
      present.flatMap((name) =>
        (starts.get(name) ?? []).map(({ partition, start }) => ({ topic: topics[name], partition, start })),
      ),
    )
    const partitionsOf = (name: SourceName): readonly SourcePartition[] =>
      (starts.get(name) ?? []).flatMap(({ partition, low }) => {
        const reader = readers.find((each) => each.topic === topics[name] && each.partition === partition)
        return reader === undefined ? [] : [{ reader, low }]
      })
    const endsIfPresent = (name: SourceName): Promise<ReadonlyMap<number, number>> =>
      present.includes(name) ? endsOf(admin, topics[name]) : Promise.resolve(none)

    return {
      partitions: {
        payments: partitionsOf('payments'),
        decisions: partitionsOf('decisions'),
        accountEvents: partitionsOf('accountEvents'),
        riskFeedback: partitionsOf('riskFeedback'),
        deviceHealth: partitionsOf('deviceHealth'),
      },
      ends: async () => {
        const decisions = await endsIfPresent('decisions')
        const [payments, accountEvents, riskFeedback, deviceHealth] = await Promise.all([
          endsIfPresent('payments'),
          endsIfPresent('accountEvents'),
          endsIfPresent('riskFeedback'),
          endsIfPresent('deviceHealth'),
        ])
        return { decisions, payments, accountEvents, riskFeedback, deviceHealth }
      },
      close: async () => {
        await close()
        // A group without members and offsets goes by itself where the user may not remove it.
        await admin.deleteGroups([groupId]).catch(() => undefined)
        await admin.disconnect()
      },
    }
  } catch (error) {
    await admin.disconnect()
    throw error
  }
}
