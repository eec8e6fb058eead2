// The payers and the switch in one process of their own: encoded payments leave at their intended times whatever becomes
// of the answers, many in one request, so that ten thousand a second cost little beside what is measured.
import { setTimeout as delay } from 'node:timers/promises'
import { createBenchKafka } from '../client.kafka.ts'
import { firstText } from '../firstText.ts'
import { readPayments } from '../payments.file.ts'
import type { PayersMessage, PayersOrder } from './program.ts'
import { timetableOf } from './timetable.ts'

const tell = (message: PayersMessage): void => void process.send?.(message)

const tickMs = 10
const progressMs = 50
/** Answers may wait here without the processor's fault: the switch reads in large fetches. */
const answersMaxWaitMs = 20

const pay = async (order: PayersOrder): Promise<void> => {
  const payments = await readPayments(order.file)
  const intendedMs = timetableOf(order.phases)
  const count = intendedMs.length
  if (payments.length < count) throw new RangeError(`${count} payments are due, ${payments.length} are there`)
  const place = new Map(payments.map(({ value }, i) => [firstText(value), i]))
  const answeredMs = new Float64Array(count).fill(NaN)
  const decidedMs = new Float64Array(count).fill(NaN)
  let [open, unexpected, slowestSendMs, heardAt] = [count, 0, 0, 0]
  let [startedAt, startedAtEpochMs] = [NaN, NaN]

  const kafka = createBenchKafka(order.brokers.split(','), order.groupId)
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  const consumer = kafka.consumer({
    groupId: order.groupId,
    maxWaitTimeInMs: answersMaxWaitMs,
    allowAutoTopicCreation: false,
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    // Whoever reads no answers any more would take all of them for missing.
    if (!payload.restart) throw payload.error
  })
  await Promise.all([producer.connect(), consumer.connect()])
  await consumer.subscribe({ topics: [order.decisionsTopic], fromBeginning: false })
  const positioned = new Promise<void>((resolve) => consumer.on(consumer.events.FETCH, () => resolve()))
  await consumer.run({
    partitionsConsumedConcurrently: 4,
    eachBatch: async ({ batch, resolveOffset }) => {
      heardAt = performance.now()
      for (const { value, timestamp } of batch.messages) {
        const i = value === null ? undefined : place.get(firstText(value))
        if (i === undefined || !Number.isNaN(answeredMs[i])) unexpected += 1
        else {
          answeredMs[i] = heardAt - startedAt
          decidedMs[i] = Number(timestamp) - startedAtEpochMs
          open -= 1
        }
      }
      resolveOffset(batch.lastOffset())
      await Promise.resolve()
    },
  })
  await positioned
  tell({ kind: 'ready' })
  await new Promise((resolve) => process.once('message', resolve))

  const sends = new Set<Promise<void>>()
  const failures: unknown[] = []
  const send = async (from: number, to: number): Promise<void> => {
    const sentAt = performance.now()
    await producer.send({ topic: order.paymentsTopic, acks: -1, messages: payments.slice(from, to) })
    slowestSendMs = Math.max(slowestSendMs, performance.now() - sentAt)
  }
  startedAt = performance.now()
  startedAtEpochMs = Date.now()
  for (let next = 0; next < count && failures.length === 0;) {
    const elapsed = performance.now() - startedAt
    const from = next
    while (next < count && (intendedMs[next] ?? Infinity) <= elapsed) next += 1
    if (next > from) {
      const sending = send(from, next).catch((error: unknown) => void failures.push(error))
      sends.add(sending)
      void sending.then(() => sends.delete(sending))
    }
    await delay(tickMs)
  }
  await Promise.all(sends)
  if (failures.length > 0) throw failures[0]
  heardAt = performance.now()
  while (open > 0 && performance.now() - heardAt < order.patienceMs) await delay(progressMs)
  const known = (times: Float64Array): readonly (number | null)[] =>
    Array.from(times, (at) => (Number.isNaN(at) ? null : at))
  tell({
    kind: 'done',
    times: {
      intendedMs: Array.from(intendedMs),
      answeredMs: known(answeredMs),
      decidedMs: known(decidedMs),
    },
    unexpected,
    slowestSendMs,
  })
  process.once('disconnect', () => process.exit(0))
}

process.once('message', (order: PayersOrder) => void pay(order))
