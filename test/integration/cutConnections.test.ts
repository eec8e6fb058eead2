import type { ISocketFactory, Kafka, Producer } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKafka, createSocket } from '../../src/stream/client.kafka.ts'
import { createProducer } from '../../src/stream/producer.kafka.ts'
import { startProxy, type Proxy } from '../support/proxy.ts'
import { ownName, sharedServers } from '../support/shared.ts'

const partitions = 4
const cuts = 20

const { brokers } = sharedServers()
const kafkaOn = (socketFactory: ISocketFactory): Kafka =>
  createKafka({
    brokers: [brokers],
    clientId: 'cut-connections',
    log: () => () => undefined,
    warn: () => undefined,
    socketFactory,
  })

type Lane = { readonly partition: number; readonly name: string }

/** Lanes of numbered records: in each lane one send waits for the one before it. Resolves with what was acknowledged. */
const sendWhileCutting = async (
  producer: Producer,
  topic: string,
  lanes: readonly Lane[],
  cut: () => void,
) => {
  const acknowledged = new Set<string>()
  let done = 0
  let acknowledgedAtLastCut = 0
  const cutWhenBusy = () => {
    if (done === cuts || acknowledged.size - acknowledgedAtLastCut < 40) return
    acknowledgedAtLastCut = acknowledged.size
    done += 1
    cut()
  }
  const runLane = async ({ partition, name }: Lane): Promise<void> => {
    for (let i = 0; done < cuts || i % 8 !== 0; i++) {
      const value = `${name}-${i}`
      const sent = producer.send({ topic, acks: -1, messages: [{ partition, value }] })
      queueMicrotask(cutWhenBusy)
      await sent.then(
        () => acknowledged.add(value),
        () => undefined, // not acknowledged: nothing was promised
      )
    }
  }
  await Promise.all(lanes.map(runLane))
  return acknowledged
}

const readAll = async (kafka: Kafka, topic: string): Promise<ReadonlySet<string>> => {
  const admin = kafka.admin()
  await admin.connect()
  const ends = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  const found = new Set<string>()
  let left = ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0)
  const consumer = kafka.consumer({ groupId: ownName('cut-reader') })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || reject(payload.error))
    void consumer.run({
      eachMessage: async ({ message }) => {
        found.add(String(message.value))
        left -= 1
        if (left === 0) resolve()
      },
    })
  })
  await consumer.disconnect()
  return found
}

const lost = async (
  producer: Producer,
  lanes: readonly Lane[],
  cut: () => void,
): Promise<readonly string[]> => {
  const topic = ownName('cut')
  const calm = kafkaOn(createSocket)
  const admin = calm.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true })
  await admin.disconnect()
  await producer.connect()
  const acknowledged = await sendWhileCutting(producer, topic, lanes, cut)
  await producer.disconnect()
  expect(acknowledged.size).toBeGreaterThan(cuts * 40)
  const found = await readAll(calm, topic)
  return [...acknowledged].filter((value) => !found.has(value))
}

const lanesEach = (perPartition: number): readonly Lane[] =>
  Array.from({ length: partitions * perPartition }, (_, i) => ({
    partition: i % partitions,
    name: `lane${i}`,
  }))

describe('connections cut during sends', () => {
  let proxy: Proxy
  let cutting: Kafka
  beforeAll(async () => {
    const [host = '', port] = brokers.split(':')
    proxy = await startProxy({ host, port: Number(port) })
    cutting = kafkaOn((options) => createSocket({ ...options, host: '127.0.0.1', port: proxy.port }))
  })
  afterAll(() => proxy.close())

  it('loses no acknowledged record with our producer: one send in flight for each partition', async () => {
    expect(await lost(createProducer(cutting), lanesEach(1), proxy.cut)).toEqual([])
  })

  it('would lose some with an idempotent producer and concurrent sends', async () => {
    const idempotent = cutting.producer({ idempotent: true, allowAutoTopicCreation: false })
    expect(await lost(idempotent, lanesEach(8), proxy.cut)).not.toEqual([])
  })
})
