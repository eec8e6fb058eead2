import { expect, test } from 'vitest'
import { createKafka } from '../../src/stream/client.kafka.ts'
import { readLatest } from '../../src/stream/latest.kafka.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

test('a partition that is new since the start is read within seconds, from its beginning', async () => {
  const topic = ownName('latest')
  const kafka = createKafka({
    brokers: [sharedServers().brokers],
    clientId: topic,
    log: () => () => undefined,
    warn: (message) => {
      throw new Error(message)
    },
  })
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true })
  const producer = kafka.producer()
  await producer.connect()
  const send = (partition: number, value: string): Promise<unknown> =>
    producer.send({ topic, acks: -1, messages: [{ partition, value }] })
  await send(0, 'before')
  const read: string[] = []
  const latest = await readLatest({
    kafka,
    topic,
    groupId: ownName('latest-group'),
    take: ({ value }) => void read.push(String(value)),
    onCrash: (error) => {
      throw error
    },
  })
  try {
    await admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] })
    const second = kafka.producer()
    await second.connect()
    await untilTrue(async () => (await admin.fetchTopicOffsets(topic)).length === 2)
    await second.send({ topic, acks: -1, messages: [{ partition: 1, value: 'to the new one' }] })
    await second.disconnect()
    await untilTrue(() => read.length > 0)
    expect(read).toEqual(['to the new one'])
  } finally {
    await latest.close()
    await Promise.all([producer.disconnect(), admin.disconnect()])
  }
}, 60_000)
