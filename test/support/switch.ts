import { setTimeout as delay } from 'node:timers/promises'
import type { Kafka, Message } from 'kafkajs'
import type { Decision } from '../../src/domain/decision.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { createDecisionCodec } from '../../src/stream/codec/decision.ts'
import { createPaymentCodec } from '../../src/stream/codec/payment.ts'
import type { Schemas } from '../../src/stream/codec/schemas.ts'
import { createProducer } from '../../src/stream/producer.kafka.ts'
import type { TopicNames } from '../../src/stream/topicSpec.ts'
import { check, type Answered, type Verdict } from './checker.ts'
import { readTopic } from './topicReader.ts'
import { untilTrue } from './until.ts'

/** A decision as the switch received it. */
export type Answer = Answered & {
  readonly decision: Decision
  /** From the send of the payment to the receipt of this decision, by the switch's clock. */
  readonly waitedMs: number
}

/** A small payment switch: sends payments, reads decisions, and knows what it waits for. */
export type Switch = {
  /** Resolves when Kafka has the payments. */
  readonly send: (payments: readonly Payment[]) => Promise<void>
  /** Sends `make(0)`, `make(1)` ... at a steady rate, whatever happens to the answers. */
  readonly sendSteadily: (
    perSecond: number,
    make: (index: number) => Payment,
  ) => { readonly stop: () => Promise<void> }
  readonly sentCount: () => number
  /** Resolves when another `count` payments have been handed to Kafka's client. */
  readonly sentMore: (count: number) => Promise<void>
  /** Answers to a payment, in the order of their receipt. */
  readonly answersTo: (paymentId: string) => readonly Answer[]
  /** Resolves when everything sent so far has an answer. */
  readonly allDecided: () => Promise<void>
  /** Resolves when another `count` payments have been decided. */
  readonly decidedMore: (count: number) => Promise<void>
  readonly verdict: () => Verdict
  readonly close: () => Promise<void>
}

const tickMs = 20
const retryMs = 50

export const openSwitch = async (kafka: Kafka, topics: TopicNames, schemas: Schemas): Promise<Switch> => {
  const payments = createPaymentCodec(schemas)
  const decisions = createDecisionCodec(schemas)
  const sentAt = new Map<string, number>()
  const sent: Payment[] = []
  const answers: Answer[] = []
  const byId = new Map<string, Answer[]>()
  let failure: Error | undefined
  let closed = false

  const producer = createProducer(kafka)
  await producer.connect()
  const reader = await readTopic(
    kafka,
    topics.decisions,
    ({ value }) => {
      const bytes = value ?? Buffer.alloc(0)
      const decision = decisions.decode(bytes)
      const { paymentId, attempt, degraded } = decision
      const waitedMs = performance.now() - (sentAt.get(paymentId) ?? NaN)
      const answer = { paymentId, attempt, degraded, bytes, decision, waitedMs }
      answers.push(answer)
      byId.set(paymentId, [...(byId.get(paymentId) ?? []), answer])
    },
    (error) => (failure = error),
  )

  const until = (condition: () => boolean): Promise<void> =>
    untilTrue(() => {
      if (failure !== undefined) throw failure
      return condition()
    })

  const send = async (batch: readonly Payment[]): Promise<void> => {
    for (const payment of batch) sentAt.set(payment.paymentId, performance.now())
    sent.push(...batch)
    let messages = batch.map((payment): Message => ({
      key: payment.accountId,
      value: payments.encode(payment),
    }))
    // What Kafka does not take is sent again, as any switch would: its id says that it is the same payment.
    for (;;)
      try {
        const taken = await producer.send({ topic: topics.payments, acks: -1, messages })
        // kafkajs may leave partitions out without a word.
        messages = messages.filter(({ partition }) => !taken.some((each) => each.partition === partition))
        if (messages.length === 0) return
      } catch (error) {
        if (closed) throw error
        await delay(retryMs)
      }
  }

  return {
    send,
    sendSteadily: (perSecond, make) => {
      const startedAt = performance.now()
      const sends: Promise<void>[] = []
      let next = 0
      const timer = setInterval(() => {
        const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1000)
        if (due === next) return
        const batch = Array.from({ length: due - next }, (_, i) => make(next + i))
        next = due
        sends.push(send(batch))
        sends.at(-1)?.catch((error: Error) => (failure = error))
      }, tickMs)
      return {
        stop: async () => {
          clearInterval(timer)
          await Promise.all(sends)
        },
      }
    },
    sentCount: () => sent.length,
    sentMore: (count) => {
      const wanted = sent.length + count
      return until(() => sent.length >= wanted)
    },
    answersTo: (paymentId) => byId.get(paymentId) ?? [],
    allDecided: () => {
      const wanted = sent.map(({ paymentId }) => paymentId)
      return until(() => wanted.every((id) => byId.has(id)))
    },
    decidedMore: (count) => {
      const wanted = byId.size + count
      return until(() => byId.size >= wanted)
    },
    verdict: () => check(sent, answers),
    close: async () => {
      closed = true
      await Promise.all([producer.disconnect(), reader.close()])
    },
  }
}
