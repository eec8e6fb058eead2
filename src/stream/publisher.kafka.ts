import type { Message, Producer, RecordMetadata, TopicMessages } from 'kafkajs'
import { SluiceError } from '../errors.ts'
import { acknowledged } from './acknowledged.kafka.ts'
import type { Answer } from './answer.ts'
import type { Outbound, Positions, Settled } from './flow.ts'
import { deadLetter, switchHeaders } from './messages.ts'
import { partsOf } from './requests.ts'

export type OutboundTopics = {
  readonly decisions: string
  readonly audit: string
  readonly notices: string
  readonly deadLetters: string
}

export type PublisherDeps = {
  /** acks=all, not idempotent: with one send in flight for each input partition nothing acknowledged is lost. */
  readonly producer: Pick<Producer, 'sendBatch'>
  readonly topics: OutboundTopics
  /** Audit records can be switched off. */
  readonly audit: boolean
  readonly encodeAudit: (settled: Settled) => Buffer
  /** The notices of a decision, ready for their topic. */
  readonly encodeNotices: (settled: Settled) => readonly Buffer[]
  /** After this a send that neither succeeded nor failed counts as failed. */
  readonly timeoutMs?: number
}

/** Stage 8: decisions first, with audit records, notices and dead letters; what is too much for one request follows. */
export const createPublisher =
  ({ producer, topics, audit, encodeAudit, encodeNotices, timeoutMs }: PublisherDeps) =>
  async ({ settled, answers, refused }: Outbound): Promise<Positions> => {
    const fresh = settled.filter(({ decided }) => !decided.repeated)
    const noticed = fresh.filter(({ decided }) => decided.decision.notices.length > 0)
    const topicMessages: TopicMessages[] = [
      { topic: topics.decisions, messages: answers.map(decisionMessage) },
      { topic: topics.audit, messages: audit ? fresh.map((each) => auditMessage(each, encodeAudit)) : [] },
      { topic: topics.notices, messages: noticed.flatMap((each) => noticeMessages(each, encodeNotices)) },
      { topic: topics.deadLetters, messages: refused.map(deadLetter) },
    ].filter(({ messages }) => messages.length > 0)
    if (topicMessages.length === 0) return new Map()

    const positions = new Map<number, string>()
    for (const request of requestsOf(topicMessages)) {
      const sending = producer.sendBatch({ acks: -1, topicMessages: [...request] })
      const sent = await acknowledged(sending, 'decisions', timeoutMs)
      for (const { topic, messages } of request)
        if (topic === topics.decisions) advance(positions, topic, messages, sent)
    }
    return positions
  }

/** Of each topic a request takes what fits. */
const requestsOf = (topicMessages: readonly TopicMessages[]): readonly (readonly TopicMessages[])[] => {
  const cut = topicMessages.map(({ topic, messages }) => ({ topic, parts: partsOf(messages) }))
  const requests = Math.max(...cut.map(({ parts }) => parts.length))
  return Array.from({ length: requests }, (_, i) =>
    cut.flatMap(({ topic, parts }) => {
      const messages = parts[i]
      return messages === undefined ? [] : [{ topic, messages }]
    }),
  )
}

/**
 * Notes how far the decisions of one request reach.
 * kafkajs says nothing of what it left out: messages for a partition that it does not know, or whose leader moved to a
 * broker that has already answered. What no broker has acknowledged is to come again.
 */
const advance = (
  positions: Map<number, string>,
  topic: string,
  messages: readonly Message[],
  sent: readonly RecordMetadata[],
): void => {
  const counts = new Map<number, number>()
  for (const { partition = -1 } of messages) counts.set(partition, (counts.get(partition) ?? 0) + 1)
  for (const [partition, count] of counts) {
    const { baseOffset } = sent.find((each) => each.topicName === topic && each.partition === partition) ?? {}
    if (baseOffset === undefined)
      throw new SluiceError(
        'KAFKA_UNAVAILABLE',
        `no broker took the decisions for partition ${partition} of ${topic}; does it have as many as the payments?`,
        { retriable: true },
      )
    positions.set(partition, String(BigInt(baseOffset) + BigInt(count)))
  }
}

const accountKey = ({ decided }: Settled): string => decided.received.payment.accountId

/** A decision goes to the partition of its payment. */
const decisionMessage = ({ source, key, bytes }: Answer): Message => ({
  partition: source.partition,
  key,
  value: bytes,
  headers: {
    ...switchHeaders(source.headers),
    'sluice-source-partition': String(source.partition),
    'sluice-source-offset': String(source.offset),
  },
})

const auditMessage = (settled: Settled, encode: PublisherDeps['encodeAudit']): Message => ({
  key: accountKey(settled),
  value: encode(settled),
})

const noticeMessages = (settled: Settled, encode: PublisherDeps['encodeNotices']): Message[] =>
  encode(settled).map((value) => ({ key: accountKey(settled), value }))
