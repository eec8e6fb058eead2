import type { Kafka } from 'kafkajs'
import { SluiceError } from '../errors.ts'
import { createPartitionFetch, type PartitionFetch } from './partitionFetch.kafka.ts'
import type { RawRecord } from './record.ts'
import { fetchEnds } from './topicEnds.kafka.ts'

/** What of a topic is to be read; times are of the records, epoch milliseconds. */
export type ScanOrder = {
  readonly topic: string
  /** All by default. Given how many there are. */
  readonly partitions?: (count: number) => readonly number[]
  readonly from: number
  /** Before it; +Infinity: to the end that the topic has now. */
  readonly until: number
  readonly onProgress?: (done: number, of: number) => void
}

export type Scanner = {
  /** What one request brought, in its order, one partition after another: never more is held. @throws SluiceError KAFKA_UNAVAILABLE */
  readonly scan: (order: ScanOrder) => AsyncGenerator<readonly RawRecord[], void, undefined>
  /** False where the topic is not there. */
  readonly exists: (topic: string) => Promise<boolean>
  readonly close: () => Promise<void>
}

type Stretch = { readonly partition: number; readonly from: number; readonly to: number }

const tries = 5
const pauseMs = 300

/** Whoever leads a partition may have changed. */
const persistently = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (let left = tries; ; left--)
    try {
      return await ask()
    } catch (error) {
      if (left === 0 || !(error instanceof SluiceError) || !error.retriable) throw error
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
}

/** Reads stretches of topics with no consumer group. @throws SluiceError KAFKA_UNAVAILABLE */
export const openScanner = async (kafka: Kafka): Promise<Scanner> => {
  const admin = kafka.admin()
  const fetch = createPartitionFetch(kafka)
  try {
    await Promise.all([admin.connect(), fetch.connect()])
  } catch (cause) {
    await Promise.allSettled([admin.disconnect(), fetch.close()])
    throw new SluiceError('KAFKA_UNAVAILABLE', 'Kafka does not answer', { cause, retriable: true })
  }

  const stretchesOf = async ({ topic, partitions, from, until }: ScanOrder): Promise<readonly Stretch[]> => {
    const all = (await fetchEnds(admin, topic)).map(({ partition }) => partition)
    const wanted = partitions?.(all.length) ?? all
    return Promise.all(wanted.map((partition) => stretchOf(fetch, topic, partition, from, until)))
  }

  return {
    scan: async function* (order) {
      const stretches = await stretchesOf(order).catch((cause: unknown) => {
        throw new SluiceError('KAFKA_UNAVAILABLE', `${order.topic} cannot be read`, {
          cause,
          retriable: true,
        })
      })
      const total = stretches.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0)
      let done = 0
      for (const { partition, from, to } of stretches)
        for (let at = from; at < to;) {
          const { records, next } = await persistently(() => fetch.read(order.topic, partition, at))
          yield records.filter(({ offset }) => offset < to)
          done += Math.min(next, to) - at
          at = next
          order.onProgress?.(done, total)
        }
    },
    exists: async (topic) => (await admin.listTopics()).includes(topic),
    close: async () => {
      await Promise.all([admin.disconnect(), fetch.close()])
    },
  }
}

const stretchOf = async (
  fetch: PartitionFetch,
  topic: string,
  partition: number,
  from: number,
  until: number,
): Promise<Stretch> => {
  const { start, end } = await fetch.bounds(topic, partition)
  const offsetAt = async (time: number): Promise<number> =>
    (await fetch.offsetAt(topic, partition, time)) ?? end
  return {
    partition,
    from: Math.max(start, from <= 0 ? start : await offsetAt(from)),
    to: until === Infinity ? end : Math.min(end, await offsetAt(until)),
  }
}
