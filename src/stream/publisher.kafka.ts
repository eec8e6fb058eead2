import kafkajs, { type Message, type Producer, type RecordMetadata, type TopicMessages } from 'kafkajs'
import { SluiceError } from '../errors.ts'
import type { Answer } from './answer.ts'
import type { ModelOpinion } from '../domain/decision.ts'
import type { Outbound, Positions, SecondOpinions, Settled } from './flow.ts'
import { deadLetter, switchHeaders } from './messages.ts'

// Node finds only some of the names that this CommonJS package exports.
const { KafkaJSProtocolError } = kafkajs

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
  readonly encodeAudit: (settled: Settled, otherModels: readonly ModelOpinion[]) => Buffer
  /** The notices of a decision, ready for their topic. */
  readonly encodeNotices: (settled: Settled) => readonly Buffer[]
  /** After this a send that neither succeeded nor failed counts as failed. */
  readonly timeoutMs?: number
}

/** Beyond the time-out of one request: what is only slow is not given up, what hangs holds its partitions no longer. */
const defaultTimeoutMs = 20_000

/** A broker takes 1 MiB for one partition in one request by default; what one payment brings is far below that. */
const requestBytes = 786_432

/**
 * Stage 8: decisions first, with audit records, notices and dead letters; what is too much for one request follows.
 * Where other models are asked for their opinion, that is done while the decisions travel, and the audit records, which
 * hold it, follow in a request of their own.
 */
export const createPublisher = ({ topics, audit, encodeAudit, encodeNotices, ...sending }: PublisherDeps) => {
  const send = createSend(sending, topics.decisions)

  const auditsOf = (
    fresh: readonly Settled[],
    opinions: readonly (readonly ModelOpinion[])[],
  ): TopicMessages => ({
    topic: topics.audit,
    messages: audit ? fresh.map((each, i) => auditMessage(each, encodeAudit(each, opinions[i] ?? []))) : [],
  })

  return async ({ settled, answers, refused, secondOpinions }: Outbound): Promise<Positions> => {
    const fresh = settled.filter(({ decided }) => !decided.repeated)
    const noticed = fresh.filter(({ decided }) => decided.decision.notices.length > 0)
    const audited = async (ask: SecondOpinions): Promise<unknown> =>
      send([auditsOf(fresh, await ask(fresh.map(({ assessed }) => assessed)))])

    const [sent] = await Promise.all([
      send([
        { topic: topics.decisions, messages: answers.map(decisionMessage) },
        ...(secondOpinions === null ? [auditsOf(fresh, [])] : []),
        { topic: topics.notices, messages: noticed.flatMap((each) => noticeMessages(each, encodeNotices)) },
        { topic: topics.deadLetters, messages: refused.map(deadLetter) },
      ]),
      ...(secondOpinions === null || fresh.length === 0 ? [] : [audited(secondOpinions)]),
    ])
    return positionsAfter(
      answers,
      sent.filter(({ topicName }) => topicName === topics.decisions),
    )
  }
}

type Send = (topicMessages: readonly TopicMessages[]) => Promise<readonly RecordMetadata[]>

const createSend =
  (
    { producer, timeoutMs = defaultTimeoutMs }: Pick<PublisherDeps, 'producer' | 'timeoutMs'>,
    whole: string,
  ): Send =>
  async (all) => {
    const topicMessages = all.filter(({ messages }) => messages.length > 0)
    const sent: RecordMetadata[] = []
    if (topicMessages.length === 0) return sent
    for (const request of requestsOf(topicMessages, whole))
      sent.push(
        ...(await acknowledged(producer.sendBatch({ acks: -1, topicMessages: [...request] }), timeoutMs)),
      )
    return sent
  }

/** All decisions go with the first request; of the other topics each request takes what fits. */
const requestsOf = (
  topicMessages: readonly TopicMessages[],
  whole: string,
): readonly (readonly TopicMessages[])[] => {
  const cut = topicMessages.map(({ topic, messages }) => ({
    topic,
    parts: topic === whole ? [messages] : partsOf(messages),
  }))
  const requests = Math.max(...cut.map(({ parts }) => parts.length))
  return Array.from({ length: requests }, (_, i) =>
    cut.flatMap(({ topic, parts }) => {
      const messages = parts[i]
      return messages === undefined ? [] : [{ topic, messages }]
    }),
  )
}

const partsOf = (messages: readonly Message[]): readonly Message[][] => {
  const parts: Message[][] = []
  let room = 0
  for (const message of messages) {
    const bytes = message.value?.length ?? 0
    const part = parts.at(-1)
    if (part === undefined || bytes > room) {
      parts.push([message])
      room = requestBytes - bytes
    } else {
      part.push(message)
      room -= bytes
    }
  }
  return parts
}

const positionsAfter = (answers: readonly Answer[], sent: readonly RecordMetadata[]): Positions => {
  const counts = new Map<number, bigint>()
  for (const { source } of answers) counts.set(source.partition, (counts.get(source.partition) ?? 0n) + 1n)
  return new Map(
    sent.flatMap(({ partition, baseOffset }) =>
      baseOffset === undefined
        ? []
        : [[partition, String(BigInt(baseOffset) + (counts.get(partition) ?? 0n))]],
    ),
  )
}

/**
 * A send that failed or never settled may or may not be in Kafka: its payments are to come again. kafkajs can fail a
 * send for good because a connection broke ("Broker not connected", a TypeError): only what the broker itself refuses
 * is never tried again.
 */
const acknowledged = async <T>(send: Promise<T>, timeoutMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const lost = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    return await Promise.race([send, lost])
  } catch (cause) {
    throw new SluiceError('KAFKA_UNAVAILABLE', 'decisions were not acknowledged; their payments come again', {
      cause,
      retriable: !isRefusal(cause),
    })
  } finally {
    clearTimeout(timer)
  }
}

const isRefusal = (error: unknown): boolean => error instanceof KafkaJSProtocolError && !error.retriable

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

const auditMessage = (settled: Settled, value: Buffer): Message => ({ key: accountKey(settled), value })

const noticeMessages = (settled: Settled, encode: PublisherDeps['encodeNotices']): Message[] =>
  encode(settled).map((value) => ({ key: accountKey(settled), value }))
