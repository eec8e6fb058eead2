import type { Consumer, EachBatchPayload } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { createPaymentConsumer, type PaymentConsumerDeps } from '../../../src/stream/consumer.kafka.ts'
import { createAtLeastOnce, type Delivery } from '../../../src/stream/delivery.ts'
import { createEarlierAnswers, type Published } from '../../../src/stream/earlierAnswers.ts'
import type { Positions } from '../../../src/stream/flow.ts'

type Gate = { readonly open: () => void; readonly passed: Promise<void> }
const createGate = (): Gate => {
  let open = (): void => undefined
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { open, passed }
}

/** Turns of the event loop: all that waits for nothing but promises has gone on. */
const turns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
}

const unread = { forget: () => undefined, forgetOne: () => undefined, passed: () => null }
const known: PaymentConsumerDeps['earlier'] = { ...unread, until: async () => undefined }

/** A consumer of a broker that the test plays. */
const setUp = async (over: Partial<PaymentConsumerDeps> = {}) => {
  const listeners = new Map<string, (event: unknown) => void>()
  const committed: unknown[] = []
  const resolved: string[] = []
  let handle: ((payload: EachBatchPayload) => Promise<void>) | undefined
  const events = Object.fromEntries(
    ['GROUP_JOIN', 'FETCH', 'HEARTBEAT', 'REBALANCING', 'CRASH', 'STOP'].map((name) => [name, name]),
  )
  const consumer = {
    events,
    on: (name: string, listen: (event: unknown) => void) => listeners.set(name, listen),
    connect: async () => undefined,
    subscribe: async () => undefined,
    run: async ({ eachBatch }: { eachBatch: (payload: EachBatchPayload) => Promise<void> }) => {
      handle = eachBatch
    },
    commitOffsets: async (offsets: unknown) => void committed.push(offsets),
    pause: () => undefined,
    stop: async () => undefined,
    disconnect: async () => undefined,
  } as unknown as Consumer
  const payments = createPaymentConsumer({
    consumer,
    topic: 'payments',
    flow: async () => new Map(),
    earlier: known,
    delivery: createAtLeastOnce(async (): Promise<Positions> => new Map()),
    batchMax: 1,
    partitionsConcurrently: 4,
    commitIntervalMs: 1e6,
    paceMs: 0,
    silenceMs: 1e6,
    monotonic: () => 0,
    observeLag: () => undefined,
    forgetLag: () => undefined,
    beforeCommit: async () => undefined,
    observeCommit: () => undefined,
    onCommitFailure: () => undefined,
    onCrash: () => undefined,
    ...over,
  })
  await payments.start()
  const deliver = (
    offsets: readonly number[],
    heartbeat = async (): Promise<void> => undefined,
    timestamp = '1790000000000',
  ) =>
    handle?.({
      batch: {
        topic: 'payments',
        partition: 0,
        messages: offsets.map((offset) => ({
          offset: String(offset),
          key: null,
          value: null,
          timestamp,
          headers: {},
        })),
        offsetLag: () => '1',
      },
      resolveOffset: (offset: string) => void resolved.push(offset),
      heartbeat,
      isRunning: () => true,
      isStale: () => false,
    } as unknown as EachBatchPayload)
  return {
    payments,
    committed,
    resolved,
    deliver,
    join: () =>
      listeners.get('GROUP_JOIN')?.({ payload: { memberAssignment: { payments: [0] } } as unknown }),
  }
}

/** One that tells the offsets of what it has answered. */
const setUpFlowing = async () => {
  const flowed: number[] = []
  const flow: PaymentConsumerDeps['flow'] = async (records) => {
    flowed.push(...records.map(({ offset }) => offset))
    return new Map()
  }
  return { flowed, ...(await setUp({ flow })) }
}

describe('the consumer of payments', () => {
  it('begins nothing more of a batch when the group was joined anew between two micro-batches', async () => {
    const flowed: number[] = []
    const gate = createGate()
    const { deliver, join, payments } = await setUp({
      flow: async (records) => {
        flowed.push(...records.map(({ offset }) => offset))
        return new Map()
      },
    })
    join()
    const working = deliver([0, 1, 2], () => gate.passed)
    await turns()
    join()
    gate.open()
    await working
    expect(flowed).toEqual([0])
    await payments.stop()
  })

  it('answers what another broker brings once more no second time, until the group is joined anew', async () => {
    const { flowed, deliver, join, payments } = await setUpFlowing()
    join()
    await deliver([0, 1, 2])
    await deliver([1, 2, 3])
    await deliver([2])
    expect(flowed).toEqual([0, 1, 2, 3])
    join()
    await deliver([2, 3])
    expect(flowed).toEqual([0, 1, 2, 3, 2, 3])
    await payments.stop()
  })

  it('answers what stands there anew at old offsets: the topic was made again', async () => {
    const { flowed, deliver, join, payments } = await setUpFlowing()
    join()
    await deliver([7, 8])
    await deliver([0, 1], undefined, '1790000001000')
    expect(flowed).toEqual([7, 8, 0, 1])
    await payments.stop()
  })

  it('answers again what failed', async () => {
    const flowed: number[] = []
    let broken = true
    const { deliver, join, payments } = await setUp({
      flow: async (records) => {
        flowed.push(...records.map(({ offset }) => offset))
        if (broken && flowed.includes(1)) throw new Error('Kafka took nothing')
        return new Map()
      },
    })
    join()
    await expect(deliver([0, 1, 2])).rejects.toThrow('took nothing')
    broken = false
    await deliver([1, 2])
    expect(flowed).toEqual([0, 1, 1, 2])
    await payments.stop()
  })

  describe('where several micro-batches may wait to be published', () => {
    const setUpAhead = async (over: Partial<Delivery> = {}, earlier = known) => {
      const flowed: number[] = []
      const publishes: ((positions: Positions) => void)[] = []
      const exactlyOnce = { ...createAtLeastOnce(async () => new Map()), commitsOffsets: true, aheadMax: 2 }
      const parts = await setUp({
        flow: (records, onDecided) => {
          flowed.push(...records.map(({ offset }) => offset))
          onDecided?.()
          return new Promise((resolve) => publishes.push(resolve))
        },
        delivery: { ...exactlyOnce, ...over },
        earlier,
      })
      parts.join()
      return { flowed, publishes, ...parts }
    }

    it('decides the next when one is decided, and counts them as answered in their order', async () => {
      const { flowed, publishes, deliver, resolved, payments } = await setUpAhead()
      const working = deliver([0, 1, 2])
      await turns()
      expect([flowed, resolved]).toEqual([[0, 1], []])
      publishes[1]?.(new Map())
      await turns()
      expect([flowed, resolved]).toEqual([[0, 1], []])
      publishes[0]?.(new Map())
      await turns()
      expect([flowed, resolved]).toEqual([
        [0, 1, 2],
        ['0', '1'],
      ])
      publishes[2]?.(new Map())
      await working
      expect(resolved).toEqual(['0', '1', '2'])
      await payments.stop()
    })

    it('counts as answered what is published before earlier answers to the next cannot be read', async () => {
      const { flowed, publishes, deliver, resolved, payments } = await setUpAhead(
        {},
        {
          ...unread,
          until: async ([record]) => {
            if (record?.offset === 1) throw new Error('no broker answers')
          },
        },
      )
      const working = deliver([0, 1, 2])?.catch((error: unknown) => error)
      await turns()
      publishes[0]?.(new Map())
      expect(await working).toMatchObject({ message: 'no broker answers' })
      expect([flowed, resolved]).toEqual([[0], ['0']])
      await payments.stop()
    })

    it('counts as answered what is published behind a heartbeat that failed', async () => {
      const { publishes, deliver, resolved, payments } = await setUpAhead()
      let failures = 1
      const working = deliver([0, 1], async () => {
        if (failures-- > 0) throw new Error('the connection broke')
      })?.catch((error: unknown) => error)
      await turns()
      for (const publish of publishes) publish(new Map())
      expect(await working).toMatchObject({ message: 'the connection broke' })
      expect(resolved.at(-1)).toBe('1')
      await payments.stop()
    })

    it('counts nothing as answered when the partition was lost, and waits for what is under way', async () => {
      const { publishes, deliver, resolved, payments } = await setUpAhead({ lost: () => new Error('fenced') })
      let ended = false
      const working = deliver([0, 1, 2])?.catch((error: unknown) => {
        ended = true
        return error
      })
      await turns()
      publishes[0]?.(new Map())
      await turns()
      expect(ended).toBe(false)
      publishes[1]?.(new Map())
      expect(await working).toMatchObject({ type: 'REBALANCE_IN_PROGRESS', cause: { message: 'fenced' } })
      expect(resolved).toEqual([])
      await payments.stop()
    })
  })

  it('answers nothing of a batch when the group was joined anew while earlier answers were read', async () => {
    const flowed: number[] = []
    const gate = createGate()
    const { deliver, join, payments } = await setUp({
      earlier: { ...unread, until: () => gate.passed },
      flow: async (records) => {
        flowed.push(...records.map(({ offset }) => offset))
        return new Map()
      },
    })
    join()
    const working = deliver([0])
    await turns()
    join()
    gate.open()
    await working
    expect(flowed).toEqual([])
    await payments.stop()
  })

  it('finds what it published itself, where that was not acknowledged and the payment comes again', async () => {
    const decisions: Published[] = []
    const earlier = createEarlierAnswers({
      begin: async () => ({ from: 0, end: decisions.length }),
      read: async (_, from) => ({ published: decisions.slice(from), next: decisions.length }),
    })
    const { deliver, join, payments } = await setUp({
      earlier,
      flow: async (records) => {
        for (const { offset, partition } of records) {
          if (earlier.of({ partition, offset }) !== null) continue
          const position = decisions.length
          decisions.push({ sourceOffset: offset, position, bytes: Buffer.from(`answer ${position}`) })
          if (position === 1) throw new Error('the connection broke before the acknowledgement')
        }
        return new Map()
      },
    })
    join()
    await deliver([0])
    await expect(deliver([1])).rejects.toThrow('broke')
    await deliver([1, 2])
    expect(decisions.map(({ sourceOffset }) => sourceOffset)).toEqual([0, 1, 2])
    await payments.stop()
  })

  it('commits nothing of an earlier assignment, as when what comes before a commit took longer than it', async () => {
    const gate = createGate()
    const { deliver, join, committed, payments } = await setUp({
      commitIntervalMs: 0,
      beforeCommit: () => gate.passed,
    })
    join()
    const working = deliver([0])
    await turns()
    join()
    gate.open()
    await working
    expect(committed).toEqual([])
    await payments.stop()
  })
})
