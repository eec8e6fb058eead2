// The payers and the switch in one process of their own: payments leave at their intended times whatever becomes of
// the answers, and what Kafka does not take is sent again, as any switch would.
import { setTimeout as delay } from 'node:timers/promises'
import type { Message } from 'kafkajs'
import { createPaymentCodec } from '../../src/stream/codec/payment.ts'
import { loadSchemas, ownSchemasFolder } from '../../src/stream/codec/schemas.file.ts'
import { createProducer } from '../../src/stream/producer.kafka.ts'
import { createBenchKafka } from '../client.kafka.ts'
import { firstText } from '../firstText.ts'
import { indexOf, paymentOf } from './payments.ts'
import type { PayersMessage, PayersOrder } from './program.ts'

const tell = (message: PayersMessage): void => void process.send?.(message)

const tickMs = 10
const retryMs = 50
const progressMs = 1_000

const pay = async (order: PayersOrder): Promise<void> => {
  const count = order.perSecond * order.seconds
  const intendedAt = new Float64Array(count)
  const appendedAt = new Float64Array(count).fill(NaN)
  const receivedAt = new Float64Array(count).fill(NaN)
  let answered = 0
  let repeated = 0
  const { encode } = createPaymentCodec(await loadSchemas(ownSchemasFolder))
  const kafka = createBenchKafka(order.brokers.split(','), order.groupId)
  const producer = createProducer(kafka)
  const consumer = kafka.consumer({
    groupId: order.groupId,
    sessionTimeout: 6_000,
    heartbeatInterval: 1_000,
    maxWaitTimeInMs: 50,
    metadataMaxAge: 5_000,
    allowAutoTopicCreation: false,
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    // Whoever reads no answers any more would take all of them for missing.
    if (!payload.restart) throw payload.error
  })
  await Promise.all([producer.connect(), consumer.connect()])
  await consumer.subscribe({ topics: [order.decisionsTopic], fromBeginning: true })
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()))
  await consumer.run({
    partitionsConsumedConcurrently: 4,
    eachBatch: async ({ batch, resolveOffset }) => {
      const at = Date.now()
      for (const { value, timestamp } of batch.messages) {
        const i = value === null ? null : indexOf(order.groupId, firstText(value))
        if (i === null || !Number.isNaN(receivedAt[i])) repeated += 1
        else {
          receivedAt[i] = at
          appendedAt[i] = Number(timestamp)
          answered += 1
        }
      }
      resolveOffset(batch.lastOffset())
      await Promise.resolve()
    },
  })
  await joined
  tell({ kind: 'ready' })
  await new Promise((resolve) => process.once('message', resolve))

  const sends = new Set<Promise<void>>()
  const send = async (from: number, to: number): Promise<void> => {
    let messages = Array.from({ length: to - from }, (_, i): Message => {
      const payment = paymentOf(order.groupId, from + i, Math.floor(intendedAt[from + i] ?? NaN))
      return { key: payment.accountId, value: encode(payment) }
    })
    for (;;)
      try {
        const sent = await producer.send({ topic: order.paymentsTopic, acks: -1, messages })
        // kafkajs may leave partitions out without a word.
        messages = messages.filter(({ partition }) => !sent.some((each) => each.partition === partition))
        if (messages.length === 0) return
      } catch {
        // In doubt whether Kafka has them: their ids say that they are the same payments.
        await delay(retryMs)
      }
  }
  const startedAt = Date.now()
  for (let i = 0; i < count; i++) intendedAt[i] = startedAt + (i * 1_000) / order.perSecond
  const progress = setInterval(() => tell({ kind: 'progress', sent: next, answered }), progressMs)
  let next = 0
  while (next < count) {
    const due = Math.min(count, Math.floor(((Date.now() - startedAt) * order.perSecond) / 1_000) + 1)
    if (due > next) {
      const sending = send(next, due)
      sends.add(sending)
      void sending.then(() => sends.delete(sending))
      next = due
    }
    await delay(tickMs)
  }
  await Promise.all(sends)
  let heardAt = Date.now()
  for (
    let before = answered;
    answered < count && Date.now() - heardAt < order.patienceMs;
    before = answered
  ) {
    await delay(retryMs)
    if (answered > before) heardAt = Date.now()
  }
  clearInterval(progress)
  const known = (times: Float64Array): readonly (number | null)[] =>
    Array.from(times, (at) => (Number.isNaN(at) ? null : at))
  tell({
    kind: 'done',
    intendedAt: Array.from(intendedAt),
    appendedAt: known(appendedAt),
    receivedAt: known(receivedAt),
    repeated,
  })
  process.once('disconnect', () => process.exit(0))
}

process.once('message', (order: PayersOrder) => void pay(order))
