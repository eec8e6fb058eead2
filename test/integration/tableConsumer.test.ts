import type { Kafka } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Refused } from '../../src/domain/received.ts'
import { createKafka } from '../../src/stream/client.kafka.ts'
import { noIds, refuse } from '../../src/stream/codec/refusal.ts'
import type { RawRecord } from '../../src/stream/record.ts'
import { createTableConsumer, type TableConsumer } from '../../src/stream/tableConsumer.kafka.ts'
import { startServers, type Servers } from '../support/servers.ts'
import { ownName } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

/** What an entry of these topics is: a text that is not "broken". */
type Text = { readonly text: string }

const fault = { reason: 'MALFORMED', detail: 'expected another text', field: null } as const

const decode = (record: RawRecord): Text | Refused => {
  const text = record.value?.toString() ?? ''
  return text === 'broken' ? refuse(record, { ok: false, fault, partial: {} }, noIds) : { text }
}

type Held = {
  readonly entries: ReadonlyMap<string, string>
  readonly refused: readonly Refused[]
  readonly groupId: string
  readonly consumer: TableConsumer
}

describe('a compacted topic in memory', () => {
  let servers: Servers
  let kafka: Kafka
  const held: Held[] = []
  beforeAll(async () => {
    servers = await startServers({ only: 'kafka' })
    kafka = createKafka({
      brokers: [servers.brokers],
      clientId: 'tables-test',
      log: () => () => undefined,
      warn: (message) => {
        throw new Error(message)
      },
    })
  })
  afterAll(async () => {
    await Promise.all(held.map(({ consumer }) => consumer.stop()))
    await servers.close()
  })

  const createTopic = async (partitions = 1): Promise<string> => {
    const topic = ownName('table')
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic,
          numPartitions: partitions,
          configEntries: [{ name: 'cleanup.policy', value: 'compact' }],
        },
      ],
    })
    await admin.disconnect()
    return topic
  }

  const hold = async (topic: string): Promise<Held> => {
    const groupId = ownName('group')
    const entries = new Map<string, string>()
    const refused: Refused[] = []
    const consumer = createTableConsumer<Text>({
      consumer: kafka.consumer({ groupId, maxWaitTimeInMs: 100, sessionTimeout: 6_000 }),
      groupId,
      createAdmin: () => kafka.admin(),
      topic,
      decode,
      isRefused: (decoded) => 'reason' in decoded,
      table: {
        apply: (changes) => {
          for (const { key, value } of changes)
            if (value === null) entries.delete(key)
            else entries.set(key, value.text)
        },
        clear: () => entries.clear(),
      },
      monotonic: () => performance.now(),
      observe: () => undefined,
      onRefused: (entry) => refused.push(entry),
      // After the broker was away a group may not be empty yet: that it goes otherwise has a test of its own.
      onFailure: () => undefined,
      onCrash: (error) => {
        throw error
      },
    })
    const holding = { entries, refused, groupId, consumer }
    held.push(holding)
    await consumer.start()
    return holding
  }

  const put = async (topic: string, entries: readonly (readonly [string, string | null])[]) => {
    const producer = kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    await producer.send({ topic, acks: -1, messages: entries.map(([key, value]) => ({ key, value })) })
    await producer.disconnect()
  }

  const abort = async (topic: string, key: string, value: string): Promise<void> => {
    const producer = kafka.producer({
      transactionalId: ownName('tx'),
      idempotent: true,
      maxInFlightRequests: 1,
    })
    await producer.connect()
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ key, value }] })
    await transaction.abort()
    await producer.disconnect()
  }

  it('an empty one is loaded at once', async () => {
    const { consumer, entries } = await hold(await createTopic(3))
    await consumer.loaded
    expect(entries.size).toBe(0)
  })

  it('is loaded when all that it held is there; what comes later follows', async () => {
    const topic = await createTopic(2)
    await put(topic, [
      ['a', 'one'],
      ['b', 'one'],
      ['a', 'two'],
      ['c', 'one'],
      ['c', null],
    ])
    const { consumer, entries } = await hold(topic)
    await consumer.loaded
    expect(Object.fromEntries(entries)).toEqual({ a: 'two', b: 'one' })
    expect(consumer.remaining()).toBe(0)

    await put(topic, [
      ['a', null],
      ['d', 'new'],
    ])
    await untilTrue(() => entries.has('d') && !entries.has('a'))
    expect(Object.fromEntries(entries)).toEqual({ b: 'one', d: 'new' })
  })

  it('is loaded where its end is nothing but what was aborted', async () => {
    const topic = await createTopic()
    await put(topic, [['a', 'one']])
    await abort(topic, 'a', 'never')
    const { consumer, entries } = await hold(topic)
    await consumer.loaded
    expect(Object.fromEntries(entries)).toEqual({ a: 'one' })

    const nothingElse = await createTopic()
    await abort(nothingElse, 'a', 'never')
    await (
      await hold(nothingElse)
    ).consumer.loaded
  })

  it('is loaded with what is decided; an open transaction follows once it is committed', async () => {
    const topic = await createTopic()
    await put(topic, [['a', 'one']])
    const producer = kafka.producer({
      transactionalId: ownName('tx'),
      idempotent: true,
      maxInFlightRequests: 1,
    })
    await producer.connect()
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ key: 'a', value: 'two' }] })
    const { consumer, entries } = await hold(topic)
    await consumer.loaded
    expect(entries.get('a')).toBe('one')
    await transaction.commit()
    await producer.disconnect()
    await untilTrue(() => entries.get('a') === 'two')
  })

  it('an entry that cannot be read stops nothing, and leaves what was known of its key', async () => {
    const topic = await createTopic()
    await put(topic, [
      ['a', 'one'],
      ['a', 'broken'],
      ['b', 'one'],
    ])
    const { consumer, entries, refused } = await hold(topic)
    await consumer.loaded
    expect(Object.fromEntries(entries)).toEqual({ a: 'one', b: 'one' })
    expect(refused.map(({ key, reason }) => [key?.toString(), reason])).toEqual([['a', 'MALFORMED']])
  })

  it('each instance reads all of it, and leaves no group behind', async () => {
    const topic = await createTopic()
    await put(topic, [['a', 'one']])
    const both = await Promise.all([hold(topic), hold(topic)])
    await Promise.all(both.map(({ consumer }) => consumer.loaded))
    expect(both.map(({ entries }) => entries.get('a'))).toEqual(['one', 'one'])

    for (const each of both) {
      held.splice(held.indexOf(each), 1)
      await each.consumer.stop()
    }
    const admin = kafka.admin()
    await admin.connect()
    const { groups } = await admin.listGroups()
    await admin.disconnect()
    const left = groups.map(({ groupId }) => groupId)
    expect(both.filter(({ groupId }) => left.includes(groupId))).toEqual([])
  })

  it('stays as it is while Kafka is away, and is kept up with afterwards', async () => {
    const topic = await createTopic()
    await put(topic, [['a', 'one']])
    const { consumer, entries } = await hold(topic)
    await consumer.loaded
    await servers.stop('kafka')
    expect(Object.fromEntries(entries)).toEqual({ a: 'one' })
    await servers.start('kafka')
    await put(topic, [['a', 'two']])
    await untilTrue(() => entries.get('a') === 'two')
  })
})
