// The payers and the switch in one process of their own: sends payments at the intended times whatever becomes of
// them, and takes the time from the intended moment to the receipt of the answer.
import { setTimeout as delay } from 'node:timers/promises'
import type { Consumer } from 'kafkajs'
import { openLoop } from '../src/offline/demo/openLoop.ts'
import { createDecisionCodec } from '../src/stream/codec/decision.ts'
import { loadSchemas, ownSchemasFolder } from '../src/stream/codec/schemas.file.ts'
import { createBenchKafka } from './client.kafka.ts'
import { firstText } from './firstText.ts'
import { readPayments } from './payments.file.ts'
import { createRecorder } from './percentiles.ts'
import { stages, type LoadMessage, type LoadOrder, type LoadResult } from './program.ts'

const tell = (message: LoadMessage): void => void process.send?.(message)

/** Answers are waited for so long after the last payment was sent. */
const patienceMs = 60_000

type Receipt = { readonly at: number; readonly bytes: Buffer }

/** Resolves when the consumer stands at the end of every partition. */
const receiveFrom = async (
  consumer: Consumer,
  topic: string,
  onReceipt: (bytes: Buffer, at: number) => void,
): Promise<void> => {
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: false })
  // The first fetch knows where each partition begins for us.
  const positioned = new Promise<void>((resolve) => {
    consumer.on(consumer.events.FETCH, () => resolve())
  })
  await consumer.run({
    partitionsConsumedConcurrently: 4,
    eachBatch: async ({ batch, resolveOffset }) => {
      const at = performance.now()
      for (const { value } of batch.messages) if (value !== null) onReceipt(value, at)
      resolveOffset(batch.lastOffset())
      await Promise.resolve()
    },
  })
  await positioned
}

const stageTimes = async (receipts: readonly Receipt[]): Promise<LoadResult['stageMs']> => {
  const { decode } = createDecisionCodec(await loadSchemas(ownSchemasFolder))
  const spent = receipts.map(({ bytes }) => decode(bytes).stageMicros)
  return Object.fromEntries(
    stages.map((stage) => {
      const recorder = createRecorder()
      for (const micros of spent) recorder.record(micros[stage] / 1_000)
      return [stage, recorder.percentiles()]
    }),
  )
}

const load = async (order: LoadOrder): Promise<void> => {
  const payments = await readPayments(order.file)
  const place = new Map(payments.map(({ value }, i) => [firstText(value), i]))
  const receipts: (Receipt | undefined)[] = payments.map(() => undefined)
  let open = payments.length
  let unexpected = 0
  let finish: () => void = () => undefined
  const answered = new Promise<void>((resolve) => {
    finish = resolve
  })

  const kafka = createBenchKafka([order.brokers], 'sluice-bench-load')
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  const consumer = kafka.consumer({
    groupId: order.groupId,
    maxWaitTimeInMs: order.maxWaitMs,
    allowAutoTopicCreation: false,
  })
  await producer.connect()
  await receiveFrom(consumer, order.decisionsTopic, (bytes, at) => {
    const i = place.get(firstText(bytes))
    if (i === undefined || receipts[i] !== undefined) unexpected++
    else {
      receipts[i] = { at, bytes }
      open--
      if (open === 0) finish()
    }
  })
  tell({ kind: 'ready' })
  await new Promise((resolve) => process.once('message', resolve))

  const departures = payments.map(({ key, value }, i) => ({
    atMs: order.times[i] ?? NaN,
    event: { key, value },
  }))
  const sendLag = createRecorder()
  setTimeout(() => tell({ kind: 'warm' }), order.warmUpMs)
  const startedAt = performance.now()
  await openLoop(departures, startedAt, {
    monotonic: () => performance.now(),
    wait: (ms) => delay(Math.max(1, ms)),
    send: async (due) => {
      const elapsed = performance.now() - startedAt
      for (const { atMs } of due) if (atMs >= order.warmUpMs) sendLag.record(elapsed - atMs)
      await producer.send({ topic: order.paymentsTopic, acks: -1, messages: due.map(({ event }) => event) })
    },
  })
  const timeout = setTimeout(finish, patienceMs)
  await answered
  clearTimeout(timeout)

  const endToEnd = createRecorder()
  const measured: Receipt[] = []
  receipts.forEach((receipt, i) => {
    const intended = order.times[i] ?? 0
    if (receipt === undefined || intended < order.warmUpMs) return
    endToEnd.record(receipt.at - startedAt - intended)
    measured.push(receipt)
  })
  const result: LoadResult = {
    payments: measured.length,
    endToEndMs: endToEnd.percentiles(),
    sendLagMs: sendLag.percentiles(),
    stageMs: order.decisions ? await stageTimes(measured) : null,
    missing: open,
    unexpected,
  }
  tell({ kind: 'done', result })
  await Promise.all([consumer.disconnect(), producer.disconnect()])
  process.disconnect()
}

process.once('message', (order: LoadOrder) => void load(order))
