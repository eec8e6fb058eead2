import type { Message, Producer, TopicMessages } from 'kafkajs'
import { acknowledged } from './acknowledged.kafka.ts'
import type { Answer } from './answer.ts'
import type { ModelOpinion } from '../domain/decision.ts'
import type { Outbound, Positions, SecondOpinions, Settled } from './flow.ts'
import { deadLetter, switchHeaders } from './messages.ts'
import type { NoticesReady } from './noticePublisher.kafka.ts'
import { partsOf } from './requests.ts'
import { positionsTaken } from './taken.ts'

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
  /** The notices of payments that were not allowed, as far as they are to be given. Never rejects. */
  readonly noticesOf: (stopped: readonly Settled[]) => Promise<NoticesReady>
  /** After this a send that neither succeeded nor failed counts as failed. */
  readonly timeoutMs?: number
}

/**
 * Stage 8: decisions first, with audit records and dead letters; what is too much for one request follows.
 * Where other models are asked for their opinion, that is done while the decisions travel, and the audit records, which
 * hold it, follow in a request of their own; so do notices, as it must be asked first who was told what.
 */
export const createPublisher = ({ topics, audit, encodeAudit, noticesOf, ...sending }: PublisherDeps) => {
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
    const stopped = fresh.filter(({ decided }) => decided.decision.outcome !== 'ALLOW')
    const audited = async (ask: SecondOpinions): Promise<unknown> =>
      send([auditsOf(fresh, await ask(fresh.map(({ assessed }) => assessed)))])
    const tell = async (): Promise<void> => {
      const { messages, given } = await noticesOf(stopped)
      await send([{ topic: topics.notices, messages: [...messages] }])
      given()
    }

    const [positions] = await Promise.all([
      send([
        { topic: topics.decisions, messages: answers.map(decisionMessage) },
        ...(secondOpinions === null ? [auditsOf(fresh, [])] : []),
        { topic: topics.deadLetters, messages: refused.map(deadLetter) },
      ]),
      ...(secondOpinions === null || fresh.length === 0 ? [] : [audited(secondOpinions)]),
      ...(stopped.length === 0 ? [] : [tell()]),
    ])
    return positions
  }
}

/** Sends what there is, makes sure that a broker took all of it, and tells how far the decisions among it reach. */
type Send = (topicMessages: readonly TopicMessages[]) => Promise<Positions>

const createSend =
  ({ producer, timeoutMs }: Pick<PublisherDeps, 'producer' | 'timeoutMs'>, decisions: string): Send =>
  async (all) => {
    const positions = new Map<number, string>()
    for (const request of requestsOf(all.filter(({ messages }) => messages.length > 0))) {
      const sending = producer.sendBatch({ acks: -1, topicMessages: [...request] })
      const sent = await acknowledged(sending, 'decisions and what goes with them', timeoutMs)
      for (const { topic, messages } of request) {
        const taken = positionsTaken(topic, messages, sent)
        if (topic === decisions) for (const [partition, position] of taken) positions.set(partition, position)
      }
    }
    return positions
  }

/** Of each topic a request takes what fits. */
const requestsOf = (topicMessages: readonly TopicMessages[]): readonly (readonly TopicMessages[])[] => {
  const cut = topicMessages.map(({ topic, messages }) => ({ topic, parts: partsOf(messages) }))
  const requests = Math.max(0, ...cut.map(({ parts }) => parts.length))
  return Array.from({ length: requests }, (_, i) =>
    cut.flatMap(({ topic, parts }) => {
      const messages = parts[i]
      return messages === undefined ? [] : [{ topic, messages }]
    }),
  )
}

/** Of the payment that a decision answers: whoever takes its partition over finds its answers by it. */
export const sourceOffsetHeader = 'sluice-source-offset'

const accountKey = ({ decided }: Settled): string => decided.received.payment.accountId

/** A decision goes to the partition of its payment. */
const decisionMessage = ({ source, key, bytes }: Answer): Message => ({
  partition: source.partition,
  key,
  value: bytes,
  headers: {
    ...switchHeaders(source.headers),
    'sluice-source-partition': String(source.partition),
    [sourceOffsetHeader]: String(source.offset),
  },
})

const auditMessage = (settled: Settled, value: Buffer): Message => ({ key: accountKey(settled), value })
