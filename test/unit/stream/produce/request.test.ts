import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { encodeProduce, type ProduceRequest } from '../../../../src/stream/produce/request.ts'
import { kafkajsBody, plainRequest } from '../../../support/kafkajsProduce.ts'

const now = 1_700_000_000_123

type Message = ProduceRequest['topicData'][number]['partitions'][number]['messages'][number]

const requestWith = (message: Message, rest: Partial<ProduceRequest> = {}): ProduceRequest => ({
  acks: -1,
  timeout: 30_000,
  topicData: [{ topic: 'decisions', partitions: [{ partition: 3, messages: [message] }] }],
  ...rest,
})

const value = Buffer.from('a decision')

const hex = (body: Buffer | undefined): string | undefined => body?.toString('hex')

describe('encodeProduce', () => {
  // kafkajs reads the clock itself.
  beforeAll(() => vi.useFakeTimers({ toFake: ['Date'], now }))
  afterAll(() => vi.useRealTimers())

  it.each<[string, ProduceRequest]>([
    ['a record without key and headers', requestWith({ value })],
    ['a tombstone', requestWith({ key: 'gone', value: null })],
    ['headers of all kinds', requestWith({ value, headers: { a: 'é', b: value, c: ['x', value], d: [] } })],
    ['a header called __proto__', requestWith({ value, headers: JSON.parse('{"__proto__":"x"}') })],
    [
      'a large value and a long key',
      requestWith({ key: '字'.repeat(30_000), value: Buffer.alloc(300_000, 7) }),
    ],
    ['a transaction', requestWith({ value }, { transactionalId: 't', producerId: '4711', producerEpoch: 2 })],
    [
      'a topic name of the greatest length',
      { ...requestWith({ value }), topicData: [{ topic: 'x'.repeat(32_767), partitions: [] }] },
    ],
    [
      'no messages',
      {
        ...requestWith({ value }),
        topicData: [{ topic: 't', partitions: [{ partition: 0, messages: [] }] }],
      },
    ],
  ])('%s is encoded as kafkajs does it', async (_, asked) => {
    expect(hex(encodeProduce(asked, now))).toBe(hex(await kafkajsBody(asked)))
  })

  it('a batch’s first timestamp is the first by its text, as in kafkajs', async () => {
    const messages = ['1700000000500', '999', undefined, '1700000000100'].map((timestamp) =>
      timestamp === undefined ? { value } : { value, timestamp },
    )
    const asked = {
      ...requestWith({ value }),
      topicData: [{ topic: 't', partitions: [{ partition: 0, messages }] }],
    }
    expect(hex(encodeProduce(asked, now))).toBe(hex(await kafkajsBody(asked)))
  })

  it.each<[string, ProduceRequest]>([
    ['compression', requestWith({ value }, { compression: 1 })],
    ['a header without a value', requestWith({ value, headers: { a: null as unknown as string } })],
    ['one in a list', requestWith({ value, headers: { a: ['x', null as unknown as string] } })],
    ['an undefined header', requestWith({ value, headers: { a: undefined } })],
    [
      'headers that are null',
      requestWith({ value, headers: null as unknown as NonNullable<Message['headers']> }),
    ],
    ['a key that is a number', requestWith({ key: 7 as unknown as string, value })],
    ['a value in other bytes than a Buffer', requestWith({ value: new Uint8Array(3) as Buffer })],
    ['a timestamp with an exponent', requestWith({ value, timestamp: '1e3' })],
    ['a timestamp that a number cannot hold', requestWith({ value, timestamp: '9007199254740993' })],
    ['an empty timestamp', requestWith({ value, timestamp: '' })],
    ['a timestamp as a number', requestWith({ value, timestamp: 5 as unknown as string })],
    ['a producer id that a number cannot hold', requestWith({ value }, { producerId: '9007199254740993' })],
    ['acks that do not fit', requestWith({ value }, { acks: 40_000 })],
    [
      'a topic name that is too long',
      { ...requestWith({ value }), topicData: [{ topic: 'x'.repeat(32_768), partitions: [] }] },
    ],
  ])('%s is left to kafkajs', (_, asked) => {
    expect(encodeProduce(asked, now)).toBeUndefined()
  })

  it('gives kafkajs’s bytes for whatever it takes on itself', async () => {
    await fc.assert(
      fc.asyncProperty(plainRequest, async (asked) => {
        expect(hex(encodeProduce(asked, now))).toBe(hex(await kafkajsBody(asked)))
      }),
      { numRuns: 500 },
    )
  })
})
