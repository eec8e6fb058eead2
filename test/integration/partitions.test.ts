import type { Admin, Kafka } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKafka } from '../../src/stream/client.kafka.ts'
import {
  openPartitions,
  type PartitionReader,
  type PartitionReaders,
} from '../../src/stream/partitions.kafka.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

const records = 9_000
const start = 100
const batchSize = 500
const value = 'x'.repeat(200)
const topic = ownName('partitions')
let kafka: Kafka
let admin: Admin
let opened: PartitionReaders

const produce = async (partition: number, count: number): Promise<void> => {
  const producer = kafka.producer()
  await producer.connect()
  for (let sent = 0; sent < count; sent += batchSize) {
    const messages = Array.from({ length: Math.min(batchSize, count - sent) }, () => ({ partition, value }))
    await producer.send({ topic, acks: -1, messages })
  }
  await producer.disconnect()
}

/** Its records are never seen; where it ends stands a mark that is no record. */
const produceAborted = async (partition: number): Promise<void> => {
  const producer = kafka.producer({ transactionalId: topic, maxInFlightRequests: 1, idempotent: true })
  await producer.connect()
  const transaction = await producer.transaction()
  await transaction.send({ topic, acks: -1, messages: [{ partition, value: 'aborted' }] })
  await transaction.abort()
  await producer.disconnect()
}

const readerOf = (partition: number): PartitionReader => {
  const reader = opened.readers.find((each) => each.partition === partition)
  if (reader === undefined) throw new Error(`no partition ${partition}`)
  return reader
}

const endOf = async (partition: number): Promise<number> =>
  Number((await admin.fetchTopicOffsets(topic)).find((each) => each.partition === partition)?.high)

const offsetsOf = async (partition: number, until: number): Promise<readonly number[]> => {
  const offsets: number[] = []
  const reader = readerOf(partition)
  for (let some = await reader.read(until); some.length > 0; some = await reader.read(until))
    offsets.push(...some.map(({ offset }) => offset))
  return offsets
}

const range = (from: number, until: number): readonly number[] =>
  Array.from({ length: until - from }, (_, i) => from + i)

beforeAll(async () => {
  kafka = createKafka({
    brokers: [sharedServers().brokers],
    clientId: topic,
    log: () => () => undefined,
    warn: (message) => {
      throw new Error(message)
    },
  })
  admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true })
  await produce(0, records)
  await produce(1, records)
  await produceAborted(1)
  opened = await openPartitions(
    kafka.consumer({ groupId: topic, maxBytesPerPartition: 100_000, maxWaitTimeInMs: 50 }),
    [
      { topic, partition: 0, start: 0 },
      { topic, partition: 1, start },
      { topic, partition: 2, start: 0 },
    ],
  )
})
afterAll(async () => {
  await opened.close()
  await admin.deleteGroups([topic])
  await admin.disconnect()
})

test('each partition is read from its start to its end, while another one waits for whoever reads it', async () => {
  // The aborted record, and the mark, which the broker writes when the transaction has ended.
  const end = records + 2
  await untilTrue(async () => (await endOf(1)) === end)
  expect((await readerOf(1).peek(end))?.offset).toBe(start)
  expect(await offsetsOf(1, end)).toEqual(range(start, records))
  expect(await readerOf(1).peek(end)).toBeNull()
  expect(await offsetsOf(0, records)).toEqual(range(0, records))
})

test('an empty partition has an end, and what comes later is read later', async () => {
  expect(await offsetsOf(2, 0)).toEqual([])
  expect(await readerOf(2).peek(0)).toBeNull()
  await produce(2, 10)
  expect(await offsetsOf(2, 4)).toEqual(range(0, 4))
  expect((await readerOf(2).peek(10))?.offset).toBe(4)
  expect(await offsetsOf(2, 10)).toEqual(range(4, 10))
})

test('what nobody reads rests in Kafka', async () => {
  await produce(0, records)
  const [first] = await readerOf(0).read(Infinity)
  expect(first?.offset).toBe(records)
  // Another one is fetched meanwhile, over and over.
  for (let round = 0; round < 40; round++) {
    await produce(2, 1)
    expect(await offsetsOf(2, 11 + round)).toEqual([10 + round])
  }
  const held = await readerOf(0).read(Infinity)
  expect(held.length).toBeLessThan(records / 2)
  expect(await offsetsOf(0, 2 * records)).toEqual(range((held.at(-1)?.offset ?? 0) + 1, 2 * records))
})
