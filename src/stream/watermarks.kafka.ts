import type { Admin } from 'kafkajs'
import { SluiceError } from '../errors.ts'
import { inTime } from './inTime.ts'
import { createWatermark, type TopicLook } from './watermark.ts'

/** A topic and the group whose coming along with it is watched; `name` is the topic's without its prefix. */
export type Watched<Name extends string> = {
  readonly name: Name
  readonly topic: string
  readonly groupId: string
}

type WatermarkAdmin = Pick<
  Admin,
  'connect' | 'disconnect' | 'fetchTopicMetadata' | 'fetchOffsets' | 'fetchTopicOffsets'
>

export type WatermarksDeps<Name extends string> = {
  readonly watched: readonly Watched<Name>[]
  /** A new client: one that failed may go on asking brokers that lead nothing any more. */
  readonly createAdmin: () => WatermarkAdmin
  /** Milliseconds that never step back. */
  readonly monotonic: () => number
  /** A topic that is further behind, or of which this is not known for so long, lags. */
  readonly limitMs: number
  /** Told about every second: Infinity where nothing is known yet. */
  readonly observeLag: (name: Name, seconds: number) => void
  /** Told each time this changes, and after the start of what lags. */
  readonly onChange: (name: Name, isLagging: boolean) => void
  /** Told of the first of several failures in a row. */
  readonly onFailure: (error: unknown) => void
}

export type Watermarks<Name extends string> = {
  /** Resolves when each watermark is known, or when that takes too long: what is not known lags. Never rejects. */
  readonly start: () => Promise<void>
  /** Of all instances' shares of the topic. Asks nobody: what is not heard of becomes older by itself. */
  readonly isLagging: (name: Name) => boolean
  readonly stop: () => Promise<void>
}

const everyMs = 1_000
/** A limit below this many looks would be passed between two of them. */
const looksInLimit = 10
/** A question that kafkajs never settles must not be the last. */
const lookWithinMs = 10_000
/** While the start waits: a topic into which records come all the time is known at the second look. */
const startEveryMs = 100
const startWithinMs = 1_000

/** @throws as kafkajs does; SluiceError KAFKA_UNAVAILABLE where the topic is not there */
export const lookAt = async (
  admin: Omit<WatermarkAdmin, 'connect' | 'disconnect'>,
  { topic, groupId }: Omit<Watched<string>, 'name'>,
  monotonic: () => number,
): Promise<TopicLook> => {
  const at = monotonic()
  // What kafkajs remembers of a topic's partitions may be minutes old; this is not.
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  const partitions = topics.flatMap((found) => found.partitions.map(({ partitionId }) => partitionId))
  if (partitions.length === 0)
    throw new SluiceError('KAFKA_UNAVAILABLE', `topic ${topic} has no partition`, { retriable: true })
  const committed = new Map<number, number>()
  for (const found of await admin.fetchOffsets({ groupId, topics: [topic] }))
    for (const { partition, offset } of found.partitions) committed.set(partition, Number(offset))
  const held = new Map((await admin.fetchTopicOffsets(topic)).map((found) => [found.partition, found]))
  return {
    at,
    partitions: partitions.map((partition) => ({
      partition,
      low: Number(held.get(partition)?.low ?? 0),
      end: Number(held.get(partition)?.high ?? Infinity),
      committed: committed.get(partition) ?? -1,
    })),
  }
}

/**
 * How far the group, whichever instances it consists of, is behind the end of each topic, in time. Asked of Kafka in the
 * background; the payment's path only compares two numbers.
 */
export const createWatermarks = <Name extends string>(deps: WatermarksDeps<Name>): Watermarks<Name> => {
  const { monotonic, limitMs } = deps
  const topics = deps.watched.map((watched) => ({ watched, watermark: createWatermark(), lagged: false }))
  const byName = new Map(topics.map((topic) => [topic.watched.name, topic]))
  let admin: WatermarkAdmin | null = null
  let looking = false
  let failing = false
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  const lagOf = (watermark: { readonly at: () => number } | undefined): number =>
    monotonic() - (watermark?.at() ?? -Infinity)

  const letGo = async (): Promise<void> => {
    const last = admin
    admin = null
    await last?.disconnect().catch(deps.onFailure)
  }

  const lookAtAll = async (): Promise<void> => {
    if (admin === null) {
      admin = deps.createAdmin()
      await admin.connect()
    }
    const asked = admin
    const looks = await Promise.allSettled(
      topics.map(async ({ watched, watermark }) => watermark.see(await lookAt(asked, watched, monotonic))),
    )
    for (const look of looks) if (look.status === 'rejected') throw look.reason
  }

  /** One at a time: while Kafka does not answer the watermarks stand still, and so lag more and more. */
  const look = async (): Promise<void> => {
    if (looking) return
    looking = true
    try {
      await inTime(lookAtAll(), lookWithinMs, 'Kafka has not told the watermarks')
      failing = false
    } catch (error) {
      if (!failing && !stopped) deps.onFailure(error)
      failing = true
      void letGo()
    } finally {
      looking = false
    }
  }

  const tell = (): void => {
    for (const topic of topics) {
      const lag = lagOf(topic.watermark)
      deps.observeLag(topic.watched.name, lag / 1000)
      if (lag > limitMs === topic.lagged) continue
      topic.lagged = !topic.lagged
      deps.onChange(topic.watched.name, topic.lagged)
    }
  }

  const tick = (): void => {
    tell()
    void look()
  }

  return {
    start: async () => {
      const startedAt = monotonic()
      const isDone = (): boolean =>
        topics.every(({ watermark }) => watermark.at() > -Infinity) ||
        monotonic() - startedAt >= startWithinMs
      await look()
      while (!isDone()) {
        await new Promise((resolve) => setTimeout(resolve, startEveryMs))
        await look()
      }
      tell()
      timer = setInterval(tick, Math.min(everyMs, limitMs / looksInLimit))
    },
    isLagging: (name) => lagOf(byName.get(name)?.watermark) > limitMs,
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await letGo()
    },
  }
}
