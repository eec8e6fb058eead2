import { randomUUID } from 'node:crypto'
import type { Message } from 'kafkajs'
import {
  correlationHeader,
  createPaymentClient,
  type Fallback,
  type PaymentClient,
} from '../client/paymentClient.ts'
import type { Decision } from '../domain/decision.ts'
import type { KafkaAccess } from '../stream/access.ts'
import { createKafka } from '../stream/client.kafka.ts'
import { createDecisionCodec } from '../stream/codec/decision.ts'
import { createPaymentCodec } from '../stream/codec/payment.ts'
import { loadSchemas, ownSchemasFolder } from '../stream/codec/schemas.file.ts'
import { readLatest } from '../stream/latest.kafka.ts'
import { createProducer } from '../stream/producer.kafka.ts'
import { positionsTaken } from '../stream/taken.ts'
import { topicNames } from '../stream/topicSpec.ts'
import { tlsOf } from './access.ts'
import { createSendPayment } from './sendPayment.ts'
import type { TlsFiles } from './tlsFiles.file.ts'

export type { Answered, Fallback, FallbackReason, PaymentClient } from '../client/paymentClient.ts'
export {
  noDecision,
  toPaymentStatus,
  toTransStatus,
  type PaymentStatus,
  type StepUpResult,
  type TransStatus,
} from '../client/statuses.ts'

const noFiles: TlsFiles = { caFile: '', certFile: '', keyFile: '' }

export type ConnectOptions = {
  /** `host:port` */
  readonly brokers: readonly string[]
  /** What a payment without a decision gets. */
  readonly fallback: Fallback
  /** Milliseconds that a decision is waited for. */
  readonly timeoutMs: number
  /** As SLUICE_TOPIC_PREFIX of the processors. */
  readonly topicPrefix?: string
  /** As SLUICE_KAFKA_TLS and its files: `{}` is TLS with the authorities that Node trusts; absent: in clear. */
  readonly tls?: Partial<TlsFiles>
  /** As SLUICE_KAFKA_SASL_MECHANISM; the password is asked for once. */
  readonly sasl?: KafkaAccess['sasl']
  /** In the brokers' logs. */
  readonly clientId?: string
  /** A decision that came after its fallback was given. */
  readonly onLate?: (decision: Decision) => void
  /** What Kafka did not take, a decision that cannot be read, and what `onLate` threw. */
  readonly onProblem?: (error: unknown) => void
  /** The client no longer gets decisions, and will not: every payment falls back from now on. */
  readonly onCrash: (error: Error) => void
}

/**
 * Connects a payment switch: `sluice/client`. Each client reads all of `decisions`, from now on.
 * @throws SluiceError KAFKA_UNAVAILABLE and what kafkajs throws where Kafka or its topics are not there
 */
export const connectPaymentClient = async ({
  brokers,
  fallback,
  timeoutMs,
  topicPrefix = '',
  tls,
  sasl = null,
  clientId = 'payment-switch',
  onLate = () => undefined,
  onProblem = () => undefined,
  onCrash,
}: ConnectOptions): Promise<PaymentClient> => {
  const schemas = await loadSchemas(ownSchemasFolder)
  const payments = createPaymentCodec(schemas)
  const decisions = createDecisionCodec(schemas)
  const topics = topicNames(topicPrefix)
  const kafka = createKafka({
    brokers,
    clientId,
    access: { tls: tls === undefined ? null : tlsOf({ ...noFiles, ...tls }), sasl },
    // What is tried again is no news; what fails for good is told by who asked for it.
    log: () => () => undefined,
    warn: (message) => onProblem(new Error(message)),
  })
  const producer = createProducer(kafka)
  await producer.connect()

  const client = createPaymentClient({
    send: createSendPayment({
      codec: payments,
      send: async (key, value, headers) => {
        const messages: Message[] = [{ key, value, headers }]
        const sent = await producer.send({ topic: topics.payments, acks: -1, messages })
        positionsTaken(topics.payments, messages, sent)
      },
    }),
    fallback,
    timeoutMs,
    onLate,
    onProblem,
    newId: randomUUID,
    now: Date.now,
    schedule: (ms, ring) => {
      const timer = setTimeout(ring, ms)
      return () => clearTimeout(timer)
    },
    disconnect: async () => {
      await Promise.all([producer.disconnect(), reader.close()])
    },
  })
  const reader = await readLatest({
    kafka,
    topic: topics.decisions,
    groupId: `sluice-client-${randomUUID()}`,
    take: ({ headers, value, partition, offset }) => {
      const correlationId = headers[correlationHeader]
      if (correlationId === undefined || value === null) return
      const read = decisions.read(value)
      if (read.ok) client.arrive(String(correlationId), read.value)
      else onProblem(new Error(`the decision at ${offset} of partition ${partition} cannot be read`))
    },
    onCrash,
  }).catch(async (error: unknown) => {
    await producer.disconnect()
    throw error
  })
  return { decide: client.decide, close: client.close }
}
