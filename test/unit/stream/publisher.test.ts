import kafkajs, { type RecordMetadata, type TopicMessages } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../src/domain/outcome.ts'
import type { Outbound } from '../../../src/stream/flow.ts'
import { createPublisher } from '../../../src/stream/publisher.kafka.ts'
import { anAssessed } from '../../support/payments.ts'
import { aDecision } from '../../support/simulated.ts'
import { untilTrue } from '../../support/until.ts'
import { rejecting } from '../../support/model/throwing.ts'

const outbound: Outbound = {
  settled: [],
  refused: [],
  secondOpinions: null,
  answers: [7, 8].map((offset) => ({
    source: { topic: 'payments', partition: 3, offset, timestamp: 0, headers: { trace: 'abc' } },
    key: 'acc-1',
    bytes: Buffer.from('a decision'),
  })),
}

const parts = {
  topics: { decisions: 'decisions', audit: 'audit', notices: 'notices', deadLetters: 'dead-letters' },
  audit: true,
  encodeAudit: () => Buffer.alloc(0),
  noticesOf: () => Promise.resolve({ messages: [], given: () => undefined }),
  timeoutMs: 5,
}
const publisherOn = (sendBatch: () => Promise<RecordMetadata[]>) =>
  createPublisher({ ...parts, producer: { sendBatch } })

/** What a broker that takes all of a batch tells, and our partitioner has noted in each message. */
const takenAll = (topicMessages: readonly TopicMessages[]): RecordMetadata[] =>
  topicMessages.flatMap(({ topic, messages }) => {
    for (const message of messages) message.partition ??= 0
    return [...new Set(messages.map(({ partition }) => partition ?? 0))].map((partition) => ({
      ...taken(partition),
      topicName: topic,
    }))
  })

const taken = (partition: number, baseOffset = '41'): RecordMetadata => ({
  topicName: 'decisions',
  partition,
  errorCode: 0,
  baseOffset,
})

const protocolError = (retriable: boolean) =>
  new kafkajs.KafkaJSProtocolError(Object.assign(new Error('refused'), { type: 'SOME', code: 1, retriable }))

describe('publishing a micro-batch', () => {
  it('sends each decision to the partition of its payment', async () => {
    const sent: unknown[] = []
    const publish = createPublisher({
      ...parts,
      producer: {
        sendBatch: (batch) => {
          sent.push(...(batch.topicMessages ?? []).flatMap(({ messages }) => messages))
          return Promise.resolve([1, 3].map((partition) => taken(partition)))
        },
      },
    })
    const [first, second] = outbound.answers
    if (first === undefined || second === undefined) throw new Error('two answers are needed')
    await publish({
      ...outbound,
      answers: [first, { ...second, source: { ...second.source, partition: 1 } }],
    })
    expect(sent).toMatchObject([{ partition: 3 }, { partition: 1 }])
  })

  it('sends no more at once than a broker takes, and the decisions first', async () => {
    const requests: { readonly topic: string; readonly bytes: number }[][] = []
    const publish = createPublisher({
      ...parts,
      producer: {
        sendBatch: ({ topicMessages = [] }) => {
          requests.push(
            topicMessages.map(({ topic, messages }) => ({
              topic,
              bytes: messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0),
            })),
          )
          return Promise.resolve(takenAll(topicMessages))
        },
      },
    })
    const [answer] = outbound.answers
    if (answer === undefined) throw new Error('an answer is needed')
    const refused = Array.from({ length: 64 }, (_, offset) => ({
      source: { ...answer.source, offset },
      key: null,
      bytes: Buffer.alloc(65_536),
      byteLength: 65_536,
      reason: 'MALFORMED' as const,
      detail: '',
      field: null,
      paymentId: null,
      attempt: null,
      accountId: null,
      enteredAt: 0,
    }))
    await publish({ ...outbound, refused })
    expect(requests[0]?.map(({ topic }) => topic)).toEqual(['decisions', 'dead-letters'])
    const letters = requests.flat().filter(({ topic }) => topic === 'dead-letters')
    expect(letters.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(64 * 65_536)
    expect(Math.max(...letters.map(({ bytes }) => bytes))).toBeLessThan(1_048_576)
  })

  it('asks other models while the decisions travel, and puts what they say into the audit records', async () => {
    const order: string[] = []
    const opinion = { model: 'm/2', probability: 0.5, outcome: 'BLOCK' as const, scoreMicros: 1 }
    let acknowledge: () => void = () => undefined
    const publish = createPublisher({
      ...parts,
      timeoutMs: 5_000,
      encodeAudit: (_settled, otherModels) => Buffer.from(JSON.stringify(otherModels)),
      producer: {
        sendBatch: async ({ topicMessages = [] }) => {
          const [first] = topicMessages
          order.push(`${first?.topic}: ${String(first?.messages[0]?.value)}`)
          if (first?.topic === 'decisions') await new Promise<void>((resolve) => (acknowledge = resolve))
          return takenAll(topicMessages)
        },
      },
    })
    const assessed = anAssessed()
    const decided = { received: assessed, decision: aDecision(), bytes: Buffer.from('a decision') }
    const settle = (repeated: boolean) => ({
      assessed,
      assessedBy: 'b',
      decided: { ...decided, repeated, published: false, redelivered: false },
    })
    const published = publish({
      ...outbound,
      settled: [settle(true), settle(false)],
      secondOpinions: async (payments) => {
        order.push(`asked of ${payments.length}`)
        return [[opinion]]
      },
    })
    await untilTrue(() => order.length === 3)
    expect(order).toEqual(['decisions: a decision', 'asked of 1', `audit: ${JSON.stringify([opinion])}`])
    acknowledge()
    await published
  })

  it('sends decisions before it is known who is to be told, notices after, by the same producer', async () => {
    const order: string[] = []
    let knowWho: () => void = () => undefined
    const publish = createPublisher({
      ...parts,
      noticesOf: async (stopped) => {
        order.push(`asked of ${stopped.length}`)
        await new Promise<void>((resolve) => (knowWho = resolve))
        const messages = [{ key: 'acc-1', value: Buffer.from('a notice') }]
        return { messages, given: () => order.push('given') }
      },
      timeoutMs: 5_000,
      producer: {
        sendBatch: async ({ topicMessages = [] }) => {
          for (const { topic } of topicMessages) order.push(topic)
          return takenAll(topicMessages)
        },
      },
    })
    const settle = (outcome: Outcome, repeated = false) => ({
      assessed: anAssessed({ outcome }),
      assessedBy: 'b',
      decided: {
        received: anAssessed(),
        decision: aDecision({ outcome }),
        bytes: Buffer.alloc(0),
        repeated,
        published: false,
        redelivered: false,
      },
    })
    const published = publish({
      ...outbound,
      settled: [settle('ALLOW'), settle('BLOCK'), settle('STEP_UP'), settle('BLOCK', true)],
    })
    await untilTrue(() => order.includes('decisions'))
    expect(order.filter((each) => each !== 'audit').toSorted()).toEqual(['asked of 2', 'decisions'])
    knowWho()
    await published
    expect(order.slice(-2)).toEqual(['notices', 'given'])
  })

  it('tells the position that the decisions reach', async () => {
    const publish = publisherOn(() => Promise.resolve([taken(3)]))
    expect(await publish(outbound)).toEqual(new Map([[3, '43']]))
  })

  it('sends decisions that carry much for the switch in several requests', async () => {
    const counts: number[] = []
    const publish = createPublisher({
      ...parts,
      producer: {
        sendBatch: ({ topicMessages = [] }) => {
          counts.push(topicMessages.flatMap(({ messages }) => messages).length)
          return Promise.resolve([taken(3, String(100 * counts.length))])
        },
      },
    })
    const [answer] = outbound.answers
    if (answer === undefined) throw new Error('an answer is needed')
    const headers = { trace: 'x'.repeat(65_000) }
    const answers = Array.from({ length: 20 }, () => ({ ...answer, source: { ...answer.source, headers } }))
    expect(await publish({ ...outbound, answers })).toEqual(new Map([[3, '208']]))
    expect(counts).toEqual([12, 8])
  })

  it.each([
    ['of none', []],
    ['of another partition only', [taken(1)]],
    ['of another topic only', [{ ...taken(3), topicName: 'audit' }]],
  ])('fails where kafkajs tells %s that a broker has it, and they come again', async (_, sent) => {
    const error = await rejecting(publisherOn(() => Promise.resolve(sent))(outbound))
    expect(error).toMatchObject({ code: 'KAFKA_UNAVAILABLE', retriable: true })
  })

  it.each(['audit', 'notices', 'dead-letters'])(
    'fails where no broker tells that it has what goes to %s, and all comes again',
    async (silent) => {
      const given: string[] = []
      const publish = createPublisher({
        ...parts,
        noticesOf: () =>
          Promise.resolve({
            messages: [{ key: 'acc-1', value: Buffer.from('a notice') }],
            given: () => given.push('given'),
          }),
        producer: {
          sendBatch: ({ topicMessages = [] }) =>
            Promise.resolve(takenAll(topicMessages).filter(({ topicName }) => topicName !== silent)),
        },
      })
      const [answer] = outbound.answers
      if (answer === undefined) throw new Error('an answer is needed')
      const decided = {
        received: anAssessed(),
        decision: aDecision({ outcome: 'BLOCK' }),
        bytes: Buffer.alloc(0),
      }
      const error = await rejecting(
        publish({
          ...outbound,
          settled: [
            {
              assessed: anAssessed({ outcome: 'BLOCK' }),
              assessedBy: 'b',
              decided: { ...decided, repeated: false, published: false, redelivered: false },
            },
          ],
          refused: [
            {
              source: answer.source,
              key: null,
              bytes: Buffer.from('no payment'),
              byteLength: 10,
              reason: 'MALFORMED',
              detail: '',
              field: null,
              paymentId: null,
              attempt: null,
              accountId: null,
              enteredAt: 0,
            },
          ],
        }),
      )
      expect(error).toMatchObject({
        code: 'KAFKA_UNAVAILABLE',
        retriable: true,
        message: expect.stringContaining(silent),
      })
      // Nobody is noted as told who was not.
      if (silent === 'notices') expect(given).toEqual([])
    },
  )

  it.each([
    ['a broken connection', () => Promise.reject(new Error('Broker not connected')), true],
    [
      'an error inside kafkajs',
      () => Promise.reject(new kafkajs.KafkaJSNonRetriableError(new TypeError('undefined'))),
      true,
    ],
    ['a broker that cannot now', () => Promise.reject(protocolError(true)), true],
    ['a broker that will not', () => Promise.reject(protocolError(false)), false],
    ['a send that never settles', () => new Promise<RecordMetadata[]>(() => undefined), true],
  ] as const)('fails on %s', async (_, sendBatch, retriable) => {
    const error = await rejecting(publisherOn(sendBatch)(outbound))
    expect(error).toMatchObject({ code: 'KAFKA_UNAVAILABLE', retriable })
  })
})
