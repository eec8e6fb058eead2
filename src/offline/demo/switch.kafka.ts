import type { Consumer, Kafka, Producer } from 'kafkajs'
import { createAccountEventCodec } from '../../stream/codec/accountEvent.ts'
import { createDecisionCodec } from '../../stream/codec/decision.ts'
import { createDeviceHealthCodec } from '../../stream/codec/deviceHealth.ts'
import { createPaymentCodec } from '../../stream/codec/payment.ts'
import type { Schemas } from '../../stream/codec/schemas.ts'
import type { TopicNames } from '../../stream/topicSpec.ts'
import { openLoop } from './openLoop.ts'
import type { SwitchMessage } from './switchMessages.ts'
import type { Tally } from './tally.ts'
import { timeLapse, type Departure, type SideEvent, type Timetable } from './timetable.ts'
import type { SimPayment } from '../simulator/simEvent.ts'

export type SwitchDeps = {
  readonly kafka: Kafka
  /** A group of its own: it reads `decisions` from their beginning. */
  readonly groupId: string
  readonly topics: TopicNames
  readonly schemas: Schemas
  readonly tally: Tally
  readonly say: (message: SwitchMessage) => void
  /** Milliseconds that never step back. */
  readonly monotonic: () => number
  readonly wait: (ms: number) => Promise<void>
}

export type PaymentSwitch = {
  /** Sends all that the timetable says, and waits for the decisions that are still missing then. */
  readonly play: (timetable: Timetable, patienceMs: number) => Promise<void>
  readonly close: () => Promise<void>
}

const progressEveryMs = 500
const lookEveryMs = 20
const maxWaitMs = 100

const paymentSender = (
  { topics, schemas, tally }: SwitchDeps,
  producer: Producer,
  startedAt: () => number,
) => {
  const codec = createPaymentCodec(schemas)
  return async (due: readonly Departure<SimPayment>[]): Promise<void> => {
    for (const { atMs, event } of due) tally.sent(event.payment, event.truth, startedAt() + atMs)
    await producer.send({
      topic: topics.payments,
      acks: -1,
      messages: due.map(({ event: { payment } }) => ({
        key: payment.accountId,
        value: codec.encode(payment),
        headers: { 'payment-id': payment.paymentId },
      })),
    })
  }
}

const sideSender = ({ topics, schemas }: SwitchDeps, producer: Producer) => {
  const health = createDeviceHealthCodec(schemas)
  const accountEvents = createAccountEventCodec(schemas)
  return async (due: readonly Departure<SideEvent>[]): Promise<void> => {
    const events = due.map(({ event }) => event)
    const topicMessages = [
      {
        topic: topics.deviceHealth,
        messages: events.flatMap((event) =>
          event.kind === 'deviceHealth'
            ? [{ key: event.report.deviceId, value: health.encode(event.report) }]
            : [],
        ),
      },
      {
        topic: topics.accountEvents,
        messages: events.flatMap((event) =>
          event.kind === 'accountEvent'
            ? [{ key: event.event.accountId, value: accountEvents.encode(event.event) }]
            : [],
        ),
      },
    ].filter(({ messages }) => messages.length > 0)
    await producer.sendBatch({ acks: -1, topicMessages })
  }
}

/** Resolves when the group has its partitions: no decision can be missed from then on. Rejects when it stops. */
const readDecisions = async (
  { topics, schemas, tally, monotonic }: SwitchDeps,
  consumer: Consumer,
): Promise<void> => {
  const codec = createDecisionCodec(schemas)
  const readUpTo = new Map<number, bigint>()
  const joined = new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.GROUP_JOIN, () => resolve())
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) reject(payload.error)
    })
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topics.decisions], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch, heartbeat }) => {
      const receivedAt = monotonic()
      for (const { offset, value } of batch.messages) {
        const position = BigInt(offset)
        // After a rebalance the group begins anew: what it brings again is no second decision.
        if (value === null || position <= (readUpTo.get(batch.partition) ?? -1n)) continue
        readUpTo.set(batch.partition, position)
        tally.received(codec.decode(value), value, receivedAt)
      }
      await heartbeat()
    },
  })
  await joined
}

/** A payment switch: sends payments in an open loop and waits for what is decided about them. */
export const openSwitch = async (deps: SwitchDeps): Promise<PaymentSwitch> => {
  const { kafka, groupId, tally, say, monotonic, wait } = deps
  const producer = kafka.producer({ idempotent: false, allowAutoTopicCreation: false })
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: maxWaitMs, allowAutoTopicCreation: false })
  const close = async (): Promise<void> => {
    await Promise.all([producer.disconnect(), consumer.disconnect()])
  }
  try {
    await Promise.all([producer.connect(), readDecisions(deps, consumer)])
  } catch (error) {
    await close()
    throw error
  }
  say({ kind: 'ready' })

  const play = async (timetable: Timetable, patienceMs: number): Promise<void> => {
    const startedAt = monotonic()
    const firstAtMs = timetable.payments[0]?.atMs ?? 0
    const elapsed = (): number => Math.max(0, monotonic() - startedAt - firstAtMs)
    const lapse = timeLapse(timetable)
    say({ kind: 'started', timeLapse: Number.isNaN(lapse) ? null : lapse })
    const progress = setInterval(
      () => say({ kind: 'progress', elapsedMs: elapsed(), snapshot: tally.snapshot() }),
      progressEveryMs,
    )
    try {
      await Promise.all([
        openLoop(timetable.sides, startedAt, { monotonic, wait, send: sideSender(deps, producer) }),
        openLoop(timetable.payments, startedAt, {
          monotonic,
          wait,
          send: paymentSender(deps, producer, () => startedAt),
        }),
      ])
      const lastAt = monotonic()
      while (!tally.isComplete() && monotonic() - lastAt < patienceMs) await wait(lookEveryMs)
      say({ kind: 'ended', elapsedMs: elapsed(), snapshot: tally.snapshot(), shown: tally.shown() })
    } finally {
      clearInterval(progress)
    }
  }

  return { play, close }
}
