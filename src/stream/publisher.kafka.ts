import type { Message, Producer, TopicMessages } from 'kafkajs'
import type { Answer } from './answer.ts'
import type { Outbound, Published, Settled } from './flow.ts'
import { deadLetter, switchHeaders } from './messages.ts'

export type OutboundTopics = {
  readonly decisions: string
  readonly audit: string
  readonly notices: string
  readonly deadLetters: string
}

export type PublisherDeps = {
  /** acks=all, not idempotent: with one send in flight for each input partition nothing acknowledged is lost. */
  readonly producer: Producer
  readonly topics: OutboundTopics
  /** Audit records can be switched off. */
  readonly audit: boolean
  readonly encodeAudit: (settled: Settled) => Buffer
  /** The notices of a decision, ready for their topic. */
  readonly encodeNotices: (settled: Settled) => readonly Buffer[]
}

/** Stage 8: decisions first, then audit records, notices and dead letters, in one request to each broker. */
export const createPublisher =
  ({ producer, topics, audit, encodeAudit, encodeNotices }: PublisherDeps) =>
  async ({ partition, settled, answers, refused }: Outbound): Promise<Published> => {
    const fresh = settled.filter(({ decided }) => !decided.repeated)
    const noticed = fresh.filter(({ decided }) => decided.decision.notices.length > 0)
    const topicMessages: TopicMessages[] = [
      { topic: topics.decisions, messages: answers.map((answer) => decisionMessage(partition, answer)) },
      { topic: topics.audit, messages: audit ? fresh.map((each) => auditMessage(each, encodeAudit)) : [] },
      { topic: topics.notices, messages: noticed.flatMap((each) => noticeMessages(each, encodeNotices)) },
      { topic: topics.deadLetters, messages: refused.map(deadLetter) },
    ].filter(({ messages }) => messages.length > 0)
    if (topicMessages.length === 0) return { decisionsPosition: null }

    const sent = await producer.sendBatch({ acks: -1, topicMessages })
    const base = sent.find(({ topicName }) => topicName === topics.decisions)?.baseOffset
    return { decisionsPosition: base === undefined ? null : String(BigInt(base) + BigInt(answers.length)) }
  }

const accountKey = ({ decided }: Settled): string => decided.received.payment.accountId

const decisionMessage = (partition: number, { source, key, bytes }: Answer): Message => ({
  partition,
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
