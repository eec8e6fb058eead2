import type { Kafka, Producer, Transaction } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { createTransactionSlots } from '../../../src/stream/transactionSlots.kafka.ts'

/** What the producers were asked for, by the end of their transactional ids; an id in `failing` cannot commit. */
const slotsOf = (failing: ReadonlySet<string> = new Set()) => {
  const asked: string[] = []
  const transactionOf = (id: string): Transaction =>
    ({
      send: async ({ topic }) => {
        asked.push(`${id} marks ${topic}`)
        return [{ topicName: topic, partition: 3, errorCode: 0, baseOffset: '900' }]
      },
      abort: async () => void asked.push(`${id} abort`),
      commit: async () => {
        if (failing.has(id)) throw new Error(`${id} is fenced`)
        asked.push(`${id} commit`)
      },
    }) as Partial<Transaction> as Transaction
  const kafka = {
    producer: ({ transactionalId = '' } = {}) => {
      const id = transactionalId.replace('group-', '')
      return {
        connect: async () => undefined,
        disconnect: async () => void asked.push(`${id} disconnect`),
        transaction: async () => {
          asked.push(`${id} begin`)
          return transactionOf(id)
        },
      } as Partial<Producer> as Producer
    },
  } as Partial<Kafka> as Kafka
  return { slots: createTransactionSlots({ kafka, idPrefix: 'group', decisions: 'decisions' }), asked }
}

const nothing = async (): Promise<void> => undefined
const stretch = (first: number, last: number) => ({ partition: 3, first, last })

describe('transaction slots', () => {
  it('fence the first, then the second, and only then ask for the committed offset', async () => {
    const { slots, asked } = slotsOf()
    const from = await slots.take(3, async () => {
      asked.push('committed?')
      return 40
    })
    expect(from).toBe(40)
    expect(asked).toEqual([
      '3-a begin',
      '3-a abort',
      '3-b begin',
      '3-b marks decisions',
      '3-b abort',
      'committed?',
    ])
  })

  it('know where the mark of the takeover stands, until the group is joined again', async () => {
    const { slots } = slotsOf()
    expect(slots.markOf(3)).toBeNull()
    await slots.take(3, async () => 40)
    expect(slots.markOf(3)).toBe(900)
    slots.forget()
    expect(slots.markOf(3)).toBeNull()
  })

  it('are used in turn, beginning with the first', async () => {
    const { slots, asked } = slotsOf()
    await slots.take(3, async () => 40)
    asked.length = 0
    for (const first of [40, 41, 42]) await slots.run(stretch(first, first), nothing)
    expect(asked).toEqual(['3-a begin', '3-a commit', '3-b begin', '3-b commit', '3-a begin', '3-a commit'])
  })

  it('are lost with the first failure: the other is not used', async () => {
    const { slots, asked } = slotsOf(new Set(['3-a']))
    await slots.take(3, async () => 40)
    await expect(slots.run(stretch(40, 41), nothing)).rejects.toThrow('not acknowledged')
    asked.length = 0
    await expect(slots.run(stretch(42, 42), nothing)).rejects.toThrow('not acknowledged')
    expect(asked).toEqual([])
    expect(slots.lost(3)).not.toBeNull()
  })

  it('refuse what they have answered: the worker of an earlier assignment', async () => {
    const { slots } = slotsOf()
    await slots.take(3, async () => 40)
    await slots.run(stretch(40, 44), nothing)
    await expect(slots.run(stretch(44, 46), nothing)).rejects.toThrow('come again')
    expect(slots.lost(3)).not.toBeNull()
  })

  it('refuse a partition that was not taken since the last rebalance', async () => {
    const { slots } = slotsOf()
    await slots.take(3, async () => null)
    slots.forget()
    expect(slots.isTaken(3)).toBe(false)
    await expect(slots.run(stretch(0, 0), nothing)).rejects.toThrow("another instance's")
  })

  it('wait for the transaction under way before a partition is taken anew', async () => {
    const { slots, asked } = slotsOf()
    await slots.take(3, async () => 0)
    let end: () => void = () => undefined
    const ended = new Promise<void>((resolve) => (end = resolve))
    const running = slots.run(stretch(0, 5), () => ended)
    slots.forget()
    asked.length = 0
    const taking = slots.take(3, async () => 6)
    end()
    await Promise.all([running, taking])
    expect(asked.indexOf('3-a commit')).toBeLessThan(asked.indexOf('3-a abort'))
    expect(asked.indexOf('3-b disconnect')).toBeLessThan(asked.indexOf('3-a abort'))
  })

  it('fence nobody any more once the group was joined again', async () => {
    const { slots, asked } = slotsOf()
    const taking = slots.take(3, async () => 0)
    slots.forget()
    await expect(taking).rejects.toThrow('could not be taken over')
    expect(asked).toEqual(['3-a disconnect', '3-b disconnect'])
    const late = slots.take(3, async () => {
      slots.forget()
      return 0
    })
    await expect(late).rejects.toThrow('could not be taken over')
    expect(slots.isTaken(3)).toBe(false)
  })
})
