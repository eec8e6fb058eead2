import type { ProducerBatch, RecordMetadata } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { sendingOnce } from '../../../src/stream/sendingOnce.kafka.ts'

const taken = (topicName: string, partition: number): RecordMetadata => ({
  topicName,
  partition,
  errorCode: 0,
  baseOffset: '7',
})
const batch: ProducerBatch = {
  acks: -1,
  topicMessages: [{ topic: 'decisions', messages: [{ partition: 3, value: 'one' }] }],
}

describe('the sends of a transaction', () => {
  it('go one after the other, also after one that failed', async () => {
    const told: string[] = []
    const ends: (() => void)[] = []
    let calls = 0
    const { sendBatch } = sendingOnce({
      sendBatch: async () => {
        const call = ++calls
        told.push(`begin ${call}`)
        await new Promise<void>((resolve) => ends.push(resolve))
        told.push(`end ${call}`)
        if (call === 1) throw new Error('cut')
        return []
      },
    })
    const [first, second] = [sendBatch(batch), sendBatch(batch)]
    await expect.poll(() => told).toEqual(['begin 1'])
    ends[0]?.()
    await expect(first).rejects.toThrow('cut')
    await expect.poll(() => told).toEqual(['begin 1', 'end 1', 'begin 2'])
    ends[1]?.()
    await second
  })

  it('fail where a partition has taken the same twice: nothing of the transaction may count', async () => {
    const all = [taken('decisions', 3), taken('audit', 1), taken('decisions', 3)]
    await expect(sendingOnce({ sendBatch: async () => all }).sendBatch(batch)).rejects.toMatchObject({
      code: 'KAFKA_UNAVAILABLE',
      retriable: true,
      message: expect.stringContaining('partition 3 of decisions') as string,
    })
  })
})
