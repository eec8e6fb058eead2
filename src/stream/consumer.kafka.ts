import type { Consumer, EachBatchPayload } from 'kafkajs'
import { SluiceError } from '../errors.ts'
import { createUnderWay } from '../underWay.ts'
import { createAhead } from './ahead.ts'
import { createCommits } from './commits.ts'
import type { Delivery } from './delivery.ts'
import type { EarlierAnswers } from './earlierAnswers.ts'
import type { Flow, Positions } from './flow.ts'
import { toRawRecord } from './messages.ts'
import { isAnswered, reachedBy, type Reached } from './reached.ts'
import { orRejoin, rejoin } from './rejoin.ts'
import type { RawRecord } from './record.ts'

export type PaymentConsumerDeps = {
  readonly consumer: Consumer
  readonly topic: string
  readonly flow: Flow
  /** What was answered before this instance took a partition over, and not committed. */
  readonly earlier: Pick<EarlierAnswers, 'forget' | 'forgetOne' | 'until' | 'passed'>
  readonly delivery: Pick<Delivery, 'takeOver' | 'lost' | 'forget' | 'aheadMax' | 'commitsOffsets'>
  readonly batchMax: number
  readonly partitionsConcurrently: number
  readonly commitIntervalMs: number
  /** Least time between two fetches while there is no backlog. */
  readonly paceMs: number
  /** After so long without an answer to a fetch or a heartbeat Kafka counts as away. */
  readonly silenceMs: number
  /** Milliseconds that never step back. */
  readonly monotonic: () => number
  /** Payments of a partition that wait in Kafka behind the batch just read. */
  readonly observeLag: (partition: number, lag: number) => void
  /** The partition is another instance's now, and so is its lag. */
  readonly forgetLag: (partition: number) => void
  /** What must be done with the answered payments before they count as done. */
  readonly beforeCommit: () => Promise<unknown>
  readonly observeCommit: (seconds: number) => void
  readonly onCommitFailure: (error: unknown) => void
  /** The consumer stopped for good; the process must not go on as if it lived. */
  readonly onCrash: (error: Error) => void
}

export type PaymentConsumer = {
  readonly start: () => Promise<void>
  /** Finishes the micro-batches under way, commits, leaves the group. */
  readonly stop: () => Promise<void>
  /** null: a member of the group that Kafka answers; else what is missing, in words. */
  readonly missing: () => string | null
}

/** Stage 1 and 9: reads `payments`, hands micro-batches to the flow, commits what is answered. */
export const createPaymentConsumer = (deps: PaymentConsumerDeps): PaymentConsumer => {
  const { consumer, topic, flow, earlier, delivery, monotonic } = deps
  let joined = false
  let heardAt = -Infinity
  let draining = false
  let timer: NodeJS.Timeout | undefined
  const underWay = createUnderWay()
  /** Partitions of which a lag was told. */
  const told = new Set<number>()
  /** By partition, since the group was joined. */
  let reached = new Map<number, Reached>()

  /** Counts assignments: a worker of an earlier one must not go on, nor say how far it came. */
  let assignments = 0
  const createIsPast = (): (() => boolean) => {
    const assignment = assignments
    return () => assignment !== assignments
  }

  const commits = createCommits({
    commit: async (due) => {
      const isPast = createIsPast()
      await deps.beforeCommit()
      // The broker would take it from any member: what the next owner has committed by now would be set back.
      if (isPast()) return
      await consumer.commitOffsets(due.map((each) => ({ topic, ...each })))
    },
    now: monotonic,
    intervalMs: deps.commitIntervalMs,
    observe: deps.observeCommit,
    onFailure: deps.onCommitFailure,
  })

  const heard = (): void => {
    heardAt = monotonic()
  }

  const forgetLag = (partition: number): void => {
    told.delete(partition)
    deps.forgetLag(partition)
  }

  /** What failed may have been published: when its records come again, that is what counts. */
  const answered = async (partition: number, published: Promise<Positions>): Promise<Positions> => {
    try {
      return await published
    } catch (error) {
      earlier.forgetOne(partition)
      throw error
    }
  }

  const answerBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload
    const enteredAt = monotonic()
    const isPast = createIsPast()
    told.add(batch.partition)
    deps.observeLag(batch.partition, Number(batch.offsetLag()))
    const goOnFrom = await orRejoin(delivery.takeOver(batch.partition))
    if (isPast()) return
    if (goOnFrom !== null) {
      // What was fetched before the partition was taken over may be answered by now.
      consumer.seek({ topic, partition: batch.partition, offset: String(goOnFrom) })
      return
    }
    const messages = batch.messages.filter((each) => !isAnswered(each, reached.get(batch.partition)))
    const settle = async (records: readonly RawRecord[], published: Promise<Positions>): Promise<boolean> => {
      const positions = await answered(batch.partition, published)
      if (isPast()) return false
      const last = lastOf(records).offset
      const lost = delivery.lost(batch.partition)
      if (lost !== null) throw rejoin(lost)
      if (!delivery.commitsOffsets) {
        const position = earlier.passed(batch.partition, last + 1, positions.get(batch.partition))
        commits.note({
          partition: batch.partition,
          offset: String(last + 1),
          metadata: position === null ? '' : JSON.stringify({ decisions: position }),
        })
      }
      reached.set(batch.partition, reachedBy(records, reached.get(batch.partition)))
      resolveOffset(String(last))
      await commits.commitIfDue()
      await heartbeat()
      return !isPast()
    }
    const ahead = createAhead({ flow, max: delivery.aheadMax, settle })
    const mayBegin = (): boolean => !draining && isRunning() && !isStale() && !isPast()
    try {
      for (let from = 0; from < messages.length && mayBegin(); from += deps.batchMax) {
        const records = messages
          .slice(from, from + deps.batchMax)
          .map((message) => toRawRecord(topic, batch.partition, message, enteredAt))
        await earlier.until(records)
        if (isPast() || !(await ahead.begin(records))) return
      }
      if (!(await ahead.settleAll()) || !mayBegin()) return
    } catch (error) {
      // What is published counts as answered, whatever failed: it must not come again.
      await ahead.settleAll().catch(() => undefined)
      throw error
    } finally {
      await ahead.ended()
    }
    if (batch.offsetLag() === '0') await rest(enteredAt + deps.paceMs - monotonic())
  }

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    assignments += 1
    reached = new Map()
    commits.forget()
    earlier.forget()
    delivery.forget()
    const held = payload.memberAssignment[topic] ?? []
    for (const partition of told) if (!held.includes(partition)) forgetLag(partition)
    joined = true
    heard()
  })
  consumer.on(consumer.events.FETCH, heard)
  consumer.on(consumer.events.HEARTBEAT, heard)
  consumer.on(consumer.events.REBALANCING, () => {
    joined = false
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    joined = false
    if (!payload.restart) deps.onCrash(payload.error)
  })
  consumer.on(consumer.events.STOP, () => {
    joined = false
  })

  return {
    start: async () => {
      await consumer.connect()
      await consumer.subscribe({ topics: [topic], fromBeginning: true })
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: deps.partitionsConcurrently,
        eachBatch: (payload) => underWay.track(answerBatch(payload)),
      })
      timer = setInterval(() => void commits.commitIfDue(), deps.commitIntervalMs)
    },
    stop: async () => {
      draining = true
      clearInterval(timer)
      // kafkajs commits nothing once it stops: what is under way is answered and committed before that.
      if (joined) consumer.pause([{ topic }])
      await underWay.settled()
      await commits.commitNow()
      await consumer.stop()
      await consumer.disconnect()
    },
    missing: () => {
      if (!joined) return 'not a member of the consumer group'
      return monotonic() - heardAt > deps.silenceMs ? 'does not answer' : null
    },
  }
}

const rest = async (ms: number): Promise<void> => {
  if (ms >= 1) await new Promise((resolve) => setTimeout(resolve, ms))
}

const lastOf = (records: readonly RawRecord[]): RawRecord => {
  const last = records.at(-1)
  if (last === undefined)
    throw new SluiceError('KAFKA_UNAVAILABLE', 'an empty micro-batch was about to be committed')
  return last
}
