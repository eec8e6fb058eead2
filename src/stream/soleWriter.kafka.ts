import type { Consumer, EachBatchPayload, Message, Producer, Transaction } from 'kafkajs'
import { acknowledged } from './acknowledged.kafka.ts'
import { toRawRecord } from './messages.ts'
import type { RawRecord } from './record.ts'

/** What is to be written, topic by topic. */
export type Writing = readonly { readonly topic: string; readonly messages: readonly Message[] }[]

/**
 * What the one writer knows, gathered from the topics. Its parts may change it as they go: unless all that they gave is
 * written, it is thrown away and gathered again.
 */
export type Ledger = {
  readonly take: (records: readonly RawRecord[]) => Writing | Promise<Writing>
  /** What time alone makes due. */
  readonly tick: () => Writing | Promise<Writing>
  /** What was given last is written. */
  readonly written: () => void
  readonly close: () => Promise<void>
}

export type SoleWriterDeps = {
  /** Of a group whose assigner gives all partitions to one member. */
  readonly consumer: Consumer
  readonly groupId: string
  readonly topic: string
  /** Always with the same transactional id: whoever took over last is the only one that can still write. */
  readonly createProducer: () => Producer
  /** Called once no other instance can write any more: what it reads then is all there is. */
  readonly openLedger: () => Promise<Ledger>
  readonly tickMs: number
  /** How long a partition rests after something failed. */
  readonly retryPauseMs: number
  /** After another writer took over, and unless the group says otherwise, this one stands back for so long. */
  readonly standBackMs: number
  readonly monotonic: () => number
  readonly onOwning: (isOwner: boolean) => void
  readonly onFailure: (error: unknown) => void
  readonly onCrash: (error: Error) => void
}

export type SoleWriter = { readonly start: () => Promise<void>; readonly stop: () => Promise<void> }

type Office = { readonly producer: Producer; readonly ledger: Ledger }

type Reached = { readonly partition: number; readonly offset: string }

/** What the broker answers to an epoch that is over, in the versions of the requests that kafkajs sends. */
const isFenced = (error: unknown): boolean =>
  error instanceof Error &&
  (('type' in error && error.type === 'INVALID_PRODUCER_EPOCH') || isFenced(error.cause))

/**
 * The one instance that may write to a topic. Its rights rest on Kafka's transactions and nothing else: it first opens
 * a transaction, which ends whatever another instance has under way and refuses all that it tries later, then reads what
 * was written, and only then writes. An instance that was paused and still believes to be the owner is refused by the
 * broker, forgets what it knew, and starts anew. What is written and the offsets of what it answers are one transaction.
 */
export const createSoleWriter = (deps: SoleWriterDeps): SoleWriter => {
  const { consumer, topic, groupId } = deps
  let assigned = false
  let standBackUntil = -Infinity
  let office: Office | null = null
  let turn: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  /** One thing after the other: two transactions at once are one too many for a producer. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  const letGo = async (): Promise<void> => {
    const last = office
    office = null
    if (last === null) return
    deps.onOwning(false)
    const closed = await Promise.allSettled([last.ledger.close(), last.producer.disconnect()])
    for (const each of closed) if (each.status === 'rejected') deps.onFailure(each.reason)
  }

  const takeOffice = async (): Promise<Office> => {
    if (office !== null) return office
    const producer = deps.createProducer()
    try {
      await producer.connect()
      // The first transaction asks for an epoch; connecting does not.
      const fence = await producer.transaction()
      await fence.commit()
      office = { producer, ledger: await deps.openLedger() }
    } catch (error) {
      await producer.disconnect().catch(deps.onFailure)
      throw error
    }
    deps.onOwning(true)
    return office
  }

  const write = async (
    transaction: Transaction,
    writing: Writing,
    reached: Reached | null,
  ): Promise<void> => {
    for (const { topic: to, messages } of writing)
      await transaction.send({ topic: to, acks: -1, messages: [...messages] })
    if (reached !== null)
      await transaction.sendOffsets({
        consumerGroupId: groupId,
        topics: [{ topic, partitions: [{ ...reached }] }],
      })
  }

  const commit = async (
    { producer, ledger }: Office,
    writing: Writing,
    reached: Reached | null,
  ): Promise<void> => {
    const transaction = await producer.transaction()
    try {
      await acknowledged(write(transaction, writing, reached), 'entries')
    } catch (error) {
      await transaction.abort().catch(deps.onFailure)
      throw error
    }
    await acknowledged(transaction.commit(), 'entries')
    ledger.written()
  }

  const failed = async (error: unknown): Promise<void> => {
    if (isFenced(error)) standBackUntil = deps.monotonic() + deps.standBackMs
    deps.onFailure(error)
    await letGo()
  }

  const isMine = (): boolean => assigned && !stopped && deps.monotonic() >= standBackUntil

  /** Answers some records of one partition. Gives false where they are to come again. */
  const answer = (records: readonly RawRecord[], reached: Reached): Promise<boolean> =>
    inTurn(async () => {
      if (!isMine()) return false
      try {
        const mine = await takeOffice()
        const writing = await mine.ledger.take(records)
        await commit(mine, writing, reached)
        return true
      } catch (error) {
        await failed(error)
        return false
      }
    })

  const tick = (): Promise<void> =>
    inTurn(async () => {
      if (!isMine()) return
      try {
        const mine = await takeOffice()
        const writing = await mine.ledger.tick()
        if (writing.length > 0) await commit(mine, writing, null)
      } catch (error) {
        await failed(error)
      }
    })

  const eachBatch = async ({ batch, resolveOffset, heartbeat, pause, isStale }: EachBatchPayload) => {
    if (isStale()) return
    const enteredAt = deps.monotonic()
    const records = batch.messages.map((message) => toRawRecord(topic, batch.partition, message, enteredAt))
    const reached = { partition: batch.partition, offset: String(Number(batch.lastOffset()) + 1) }
    const beating = setInterval(() => void heartbeat().catch(() => undefined), deps.tickMs)
    try {
      if (await answer(records, reached)) resolveOffset(batch.lastOffset())
      else setTimeout(pause(), deps.retryPauseMs)
    } finally {
      clearInterval(beating)
    }
  }

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    assigned = (payload.memberAssignment[topic] ?? []).length > 0
    standBackUntil = -Infinity
    // Another instance may have written since the last one: what is known is not what there is.
    void inTurn(letGo)
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) deps.onCrash(payload.error)
  })

  /** One after the other ends before the next begins, so a slow one is not overtaken. */
  const keepTicking = (): void => {
    timer = setTimeout(() => {
      void tick().finally(() => {
        if (!stopped) keepTicking()
      })
    }, deps.tickMs)
  }

  return {
    start: async () => {
      await consumer.connect()
      await consumer.subscribe({ topics: [topic], fromBeginning: true })
      await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })
      keepTicking()
    },
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      try {
        await consumer.stop()
        await consumer.disconnect()
      } finally {
        await inTurn(letGo)
      }
    },
  }
}
