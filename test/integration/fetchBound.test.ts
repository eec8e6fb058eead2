import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createKafka } from '../../src/stream/client.kafka.ts'
import { createPaymentConsumer } from '../../src/stream/consumer.kafka.ts'
import { consumerOptionsOf } from '../../src/stream/consumerOptions.ts'
import { createAtLeastOnce } from '../../src/stream/delivery.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

const [partitions, sends, perSend, recordBytes] = [8, 12, 10, 8_192]
const backlogBytes = partitions * sends * perSend * recordBytes
const fetchMaxBytes = 524_288
/** Kafka sends whole batches of records: what a producer sent at once, which is what this one sent. */
const batchBytes = perSend * recordBytes
const overheadShare = 1.05

it('what is fetched and not answered stays below the bound, however long the backlog is', async () => {
  const kafka = createKafka({
    brokers: [sharedServers().brokers],
    clientId: ownName('fetch-bound'),
    log: () => () => undefined,
    warn: () => undefined,
  })
  const topic = ownName('fetch-bound')
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true })
  const producer = kafka.producer()
  await producer.connect()
  for (let send = 0; send < sends; send++)
    for (let partition = 0; partition < partitions; partition++)
      await producer.send({
        topic,
        acks: -1,
        messages: Array.from({ length: perSend }, () => ({ partition, value: randomBytes(recordBytes) })),
      })

  const consumer = kafka.consumer({
    ...consumerOptionsOf({ sessionTimeoutMs: 30_000, maxWaitMs: 50, fetchMaxBytes }),
    groupId: topic,
  })
  let [fetched, answered, most] = [0, 0, 0]
  consumer.on(consumer.events.REQUEST, ({ payload }) => {
    if (payload.apiName !== 'Fetch') return
    fetched += payload.size
    most = Math.max(most, fetched - answered)
  })
  const crashes: Error[] = []
  const payments = createPaymentConsumer({
    consumer,
    topic,
    flow: async (records) => {
      // Whatever else could be fetched meanwhile has its chance.
      await nextTurn()
      for (const { value } of records) answered += value?.length ?? 0
      return new Map()
    },
    earlier: {
      forget: () => undefined,
      forgetOne: () => undefined,
      until: () => Promise.resolve(),
      passed: () => null,
    },
    delivery: createAtLeastOnce(() => Promise.resolve(new Map())),
    batchMax: 4,
    partitionsConcurrently: 4,
    commitIntervalMs: 1_000,
    paceMs: 0,
    silenceMs: 60_000,
    monotonic: () => performance.now(),
    observeLag: () => undefined,
    forgetLag: () => undefined,
    beforeCommit: () => Promise.resolve(),
    observeCommit: () => undefined,
    onCommitFailure: () => undefined,
    onCrash: (error) => void crashes.push(error),
  })
  await payments.start()
  await untilTrue(() => answered >= backlogBytes || crashes.length > 0)
  await payments.stop()
  await Promise.all([producer.disconnect(), admin.disconnect()])
  expect(crashes).toEqual([])
  expect(answered).toBe(backlogBytes)
  // The look sees something: about one whole fetch was waiting at some time.
  expect(most).toBeGreaterThan(fetchMaxBytes / 2)
  expect(most).toBeLessThan((fetchMaxBytes + batchBytes) * overheadShare + (fetched - answered))
})
