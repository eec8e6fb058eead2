import type { RecordMetadata, Transaction } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { redrive, type RedriveDeps } from '../../../../src/offline/redrive/redrive.kafka.ts'
import type { RawRecord } from '../../../../src/stream/record.ts'

const letter = (offset: number, partition = 0): RawRecord => ({
  topic: 'dead-letters',
  partition: 0,
  offset,
  timestamp: 0,
  key: null,
  value: Buffer.from(`letter ${offset}`),
  headers: {
    'sluice-reason': 'MALFORMED',
    'sluice-source-topic': 'payments',
    'sluice-source-partition': String(partition),
    'sluice-byte-length': '8',
  },
  enteredAt: 0,
})

/** What Kafka does of it: the youngest of those that began is heard, those before it are fenced. */
const kafkaWith = (letters: readonly RawRecord[], taken: ReadonlySet<number> = new Set([0])) => {
  const sent: string[] = []
  let committed: number | null = null
  let epoch = 0

  const open = (): RedriveDeps => {
    let mine: number | null = null
    const begin = async (): Promise<Transaction> => {
      mine ??= ++epoch
      let waiting: string[] = []
      let offset: number | null = null
      return {
        sendBatch: async ({ topicMessages = [] }) => {
          const all = topicMessages.flatMap(({ topic, messages }) =>
            messages.map(({ partition = -1, value }) => ({ topicName: topic, partition, value })),
          )
          const heard = all.filter(({ partition }) => taken.has(partition))
          waiting = [...waiting, ...heard.map(({ value }) => String(value))]
          return heard.map(({ topicName, partition }): RecordMetadata => ({
            topicName,
            partition,
            errorCode: 0,
            baseOffset: '0',
          }))
        },
        sendOffsets: async ({ topics }) => {
          offset = Number(topics[0]?.partitions[0]?.offset)
        },
        commit: async () => {
          if (mine !== epoch) throw new Error('fenced')
          sent.push(...waiting)
          committed = offset
        },
        abort: async () => undefined,
      } as Partial<Transaction> as Transaction
    }
    return {
      fetch: {
        bounds: async () => ({ start: 0, end: letters.length }),
        read: async (_topic, _partition, from) => ({
          records: letters.slice(from, from + 1),
          next: from + 1,
        }),
      },
      partitions: [0],
      deadLetters: 'dead-letters',
      inputs: new Map([['payments', 1]]),
      groupId: 'redrive',
      committed: async () => ({ offset: committed, position: null }),
      begin,
      onProgress: () => undefined,
    }
  }
  return { open, sent, committed: () => committed }
}

describe('redrive', () => {
  it('sends each letter once, whichever of two at a time is fenced', async () => {
    const kafka = kafkaWith([0, 1, 2].map((offset) => letter(offset)))
    await Promise.allSettled([redrive(kafka.open()), redrive(kafka.open())])
    await redrive(kafka.open())
    expect(kafka.sent).toEqual(['letter 0', 'letter 1', 'letter 2'])
  })

  it('sends each letter once where a second run began while the first went on', async () => {
    const kafka = kafkaWith([0, 1, 2].map((offset) => letter(offset)))
    const late = kafka.open()
    // All that the second asks before it sends anything is answered before the first has sent anything.
    let first: Promise<unknown> = Promise.resolve()
    const second = redrive({
      ...late,
      committed: async (partition) => {
        const before = await late.committed(partition)
        first = redrive(kafka.open())
        await first
        return before
      },
    })
    await Promise.allSettled([second])
    await first
    expect(kafka.sent).toEqual(['letter 0', 'letter 1', 'letter 2'])
  })

  it('passes over what came from a partition that its topic no longer has', async () => {
    const kafka = kafkaWith([letter(0), letter(1, 4), letter(2, -1)])
    expect(await redrive(kafka.open())).toEqual({ sent: { MALFORMED: 1 }, kept: { NO_SOURCE: 2 } })
    expect(kafka.sent).toEqual(['letter 0'])
  })

  it('marks nothing as sent that no broker took', async () => {
    const kafka = kafkaWith([letter(0)], new Set())
    await expect(redrive(kafka.open())).rejects.toThrow('partition 0 of payments')
    expect(kafka.committed()).toBeNull()
  })
})
