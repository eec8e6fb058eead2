import type { ProducerBatch, RecordMetadata, Transaction } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { createExactlyOnce } from '../../../src/stream/exactlyOnce.kafka.ts'
import type { Outbound } from '../../../src/stream/flow.ts'
import type { Stretch, TransactionSlots } from '../../../src/stream/transactionSlots.kafka.ts'
import { anAssessed } from '../../support/payments.ts'

/** A micro-batch that answers these payments. */
const outboundOf = (partition: number, offsets: readonly number[]): Outbound => {
  const sources = offsets.map((offset) => ({
    topic: 'payments',
    partition,
    offset,
    timestamp: 0,
    headers: {},
  }))
  return {
    settled: sources.map((source) => ({
      assessed: { ...anAssessed(), source },
      assessedBy: 'a bundle',
      decided: { repeated: true },
    })) as unknown as Outbound['settled'],
    answers: sources.map((source) => ({ source, key: 'acc-1', bytes: Buffer.from(`${source.offset}`) })),
    refused: [],
    secondOpinions: null,
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

type Played = {
  readonly stretch: Stretch
  readonly commit: () => void
  readonly fail: () => void
}

/** Transactions that end when the test says so. */
const setUp = () => {
  const begun: Played[] = []
  const sent: string[][] = []
  const offsets: string[] = []
  const lost = new Map<number, Error>()
  const told: number[] = []
  const transaction = {
    sendBatch: ({ topicMessages = [] }: ProducerBatch): Promise<RecordMetadata[]> => {
      const messages = topicMessages.flatMap((each) => each.messages)
      sent.push(messages.map(({ value }) => String(value)))
      const partition = messages[0]?.partition ?? 0
      return Promise.resolve([{ topicName: 'decisions', partition, errorCode: 0, baseOffset: '70' }])
    },
    sendOffsets: ({ topics }: { topics: { partitions: { offset: string; metadata: string }[] }[] }) => {
      for (const each of topics.flatMap(({ partitions }) => partitions))
        offsets.push(`${each.offset} ${each.metadata}`)
      return Promise.resolve()
    },
  } as unknown as Transaction
  const slots: TransactionSlots = {
    take: () => Promise.resolve(0),
    isTaken: () => true,
    markOf: () => null,
    run: async (stretch, work) => {
      const failure = lost.get(stretch.partition)
      if (failure !== undefined) throw failure
      await new Promise<void>((resolve, reject) =>
        begun.push({
          stretch,
          commit: resolve,
          fail: () => {
            const error = new Error('fenced')
            lost.set(stretch.partition, error)
            reject(error)
          },
        }),
      )
      try {
        return await work(transaction)
      } catch (error) {
        lost.set(stretch.partition, error as Error)
        throw error
      }
    },
    lost: (partition) => lost.get(partition) ?? null,
    forget: () => lost.clear(),
    close: () => Promise.resolve(),
  }
  const delivery = createExactlyOnce({
    slots,
    publisher: {
      topics: { decisions: 'decisions', audit: 'audit', notices: 'notices', deadLetters: 'dead-letters' },
      audit: true,
      encodeAudit: () => Buffer.alloc(0),
      noticesOf: () => Promise.resolve({ messages: [], given: () => undefined }),
    },
    groupId: 'group',
    payments: 'payments',
    committed: () => Promise.resolve(0),
    beforeCommit: () => Promise.resolve(),
    passed: (_, __, reached) => reached ?? null,
    onLost: (partition) => told.push(partition),
  })
  return { delivery, begun, sent, offsets, told }
}

describe('exactly-once delivery', () => {
  it('answers what was decided during a transaction in the next one, all together', async () => {
    const { delivery, begun, sent, offsets } = setUp()
    const first = delivery.publish(outboundOf(0, [1, 2]))
    const [second, third] = [delivery.publish(outboundOf(0, [3])), delivery.publish(outboundOf(0, [4, 5]))]
    await turn()
    expect(begun.map(({ stretch }) => stretch)).toMatchObject([{ partition: 0, first: 1, last: 2 }])
    begun[0]?.commit()
    expect(await first).toEqual(new Map([[0, '72']]))
    await turn()
    expect(begun.slice(1).map(({ stretch }) => stretch)).toMatchObject([{ first: 3, last: 5 }])
    begun[1]?.commit()
    expect(await Promise.all([second, third])).toEqual([new Map([[0, '73']]), new Map([[0, '73']])])
    expect(sent).toEqual([
      ['1', '2'],
      ['3', '4', '5'],
    ])
    expect(offsets).toEqual(['3 {"decisions":"72"}', '6 {"decisions":"73"}'])
  })

  it('has a line for each partition', async () => {
    const { delivery, begun } = setUp()
    const both = [delivery.publish(outboundOf(0, [1])), delivery.publish(outboundOf(1, [1]))]
    await turn()
    expect(begun.map(({ stretch }) => stretch.partition)).toEqual([0, 1])
    for (const { commit } of begun) commit()
    await Promise.all(both)
  })

  it('publishes nothing behind a transaction that failed, and says once that the partition is lost', async () => {
    const { delivery, begun, sent, told } = setUp()
    const both = [delivery.publish(outboundOf(0, [1])), delivery.publish(outboundOf(0, [2]))]
    await turn()
    begun[0]?.fail()
    expect(await Promise.all(both)).toEqual([new Map(), new Map()])
    expect([begun.length, sent, told]).toEqual([1, [], [0]])
    expect(delivery.lost(0)).toMatchObject({ message: 'fenced' })
  })

  it('gives the partition up where a payment comes again among what waits', async () => {
    const { delivery, begun, sent, offsets, told } = setUp()
    const all = [[1], [3, 4], [2, 3]].map((each) => delivery.publish(outboundOf(0, each)))
    await turn()
    begun[0]?.commit()
    await turn()
    begun[1]?.commit()
    expect(await Promise.all(all)).toEqual([new Map([[0, '71']]), new Map(), new Map()])
    expect([sent, offsets, told]).toEqual([[['1']], ['2 {"decisions":"71"}'], [0]])
    expect(delivery.lost(0)).toMatchObject({ message: expect.stringContaining('come again') as string })
  })

  it('publishes nothing of what waited when the group was joined again', async () => {
    const { delivery, begun, sent, told } = setUp()
    const both = [delivery.publish(outboundOf(0, [1])), delivery.publish(outboundOf(0, [2]))]
    await turn()
    delivery.forget()
    begun[0]?.commit()
    expect(await Promise.all(both)).toEqual([new Map([[0, '71']]), new Map()])
    expect([begun.length, sent, told]).toEqual([1, [['1']], []])
  })
})
