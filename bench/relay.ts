// The floor: a bare kafkajs relay. It reads one topic and sends each record's bytes to the same partition of another,
// with the processor's client, its fetch waits, its acknowledgements and its commits, and nothing between.
import { createCommits } from '../src/stream/commits.ts'
import { createProducer } from '../src/stream/producer.kafka.ts'
import { createBenchKafka } from './client.kafka.ts'
import type { RelayOrder } from './program.ts'

const relay = async (order: RelayOrder): Promise<void> => {
  const kafka = createBenchKafka([order.brokers], 'sluice-bench-relay')
  const producer = createProducer(kafka)
  const consumer = kafka.consumer({
    groupId: order.groupId,
    sessionTimeout: order.sessionTimeoutMs,
    heartbeatInterval: Math.floor(order.sessionTimeoutMs / 5),
    maxWaitTimeInMs: order.maxWaitMs,
    allowAutoTopicCreation: false,
  })
  const commits = createCommits({
    commit: (due) => consumer.commitOffsets(due.map((each) => ({ topic: order.from, ...each }))),
    now: () => performance.now(),
    intervalMs: order.commitIntervalMs,
    observe: () => undefined,
    onFailure: (error) => process.stderr.write(`the relay cannot commit: ${String(error)}\n`),
  })
  consumer.on(consumer.events.GROUP_JOIN, () => process.send?.({ kind: 'ready' }))
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) throw payload.error
  })

  await Promise.all([producer.connect(), consumer.connect()])
  await consumer.subscribe({ topics: [order.from], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: order.partitionsConcurrently,
    eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
      const { partition } = batch
      const messages = batch.messages.map(({ key, value }) => ({ key, value, partition }))
      await producer.sendBatch({ acks: -1, topicMessages: [{ topic: order.to, messages }] })
      resolveOffset(batch.lastOffset())
      commits.note({ partition, offset: String(BigInt(batch.lastOffset()) + 1n), metadata: '' })
      await commits.commitIfDue()
      await heartbeat()
    },
  })
  const timer = setInterval(() => void commits.commitIfDue(), order.commitIntervalMs)

  process.once('SIGTERM', () => {
    clearInterval(timer)
    void commits
      .commitNow()
      .then(() => consumer.disconnect())
      .then(() => producer.disconnect())
      .then(() => process.exit(0))
  })
}

process.once('message', (order: RelayOrder) => void relay(order))
