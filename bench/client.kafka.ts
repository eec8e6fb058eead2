import { setTimeout as delay } from 'node:timers/promises'
import type { Admin, Kafka, Producer } from 'kafkajs'
import type { Payment } from '../src/domain/payment.ts'
import { createKafka } from '../src/stream/client.kafka.ts'
import { createTopics } from '../src/stream/topics.kafka.ts'
import { topicSpecs } from '../src/stream/topicSpec.ts'

/** The client as the processor makes it, without its log: what goes wrong is thrown. */
export const createBenchKafka = (brokers: readonly string[], clientId: string): Kafka =>
  createKafka({
    brokers,
    clientId,
    log: () => () => undefined,
    warn: (message) => process.stderr.write(`${message}\n`),
  })

export const partitions = 4

const attempts = 10
const pauseMs = 500

const isRetriable = (error: unknown): boolean =>
  error instanceof Error && 'retriable' in error && error.retriable === true

/** A broker that has only just begun may not know yet the topics that it created. */
export const createBenchTopics = async (admin: Admin, prefix: string): Promise<void> => {
  const specs = topicSpecs({ prefix, partitions, historyRetentionDays: 35 })
  for (let attempt = 1; ; attempt++)
    try {
      await createTopics(admin, specs)
      return
    } catch (error) {
      if (attempt === attempts || !isRetriable(error)) throw error
      await delay(pauseMs)
    }
}

/** Records that a topic holds, all partitions together. */
export const countRecords = async (admin: Admin, topic: string): Promise<number> => {
  const offsets = await admin.fetchTopicOffsets(topic)
  return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0)
}

const perSend = 2_000

/** Fills a topic, a few thousand payments a request. */
export const sendBacklog = async (
  producer: Producer,
  topic: string,
  payments: readonly Payment[],
  encode: (payment: Payment) => Buffer,
): Promise<void> => {
  for (let from = 0; from < payments.length; from += perSend)
    await producer.send({
      topic,
      acks: -1,
      messages: payments
        .slice(from, from + perSend)
        .map((payment) => ({ key: payment.accountId, value: encode(payment) })),
    })
}
