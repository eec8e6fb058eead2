import type { RecordMetadata, Transaction } from 'kafkajs'
import { SluiceError } from '../../errors.ts'
import type { AskCommitted } from '../../stream/committed.kafka.ts'
import type { PartitionFetch } from '../../stream/partitionFetch.kafka.ts'
import type { RawRecord } from '../../stream/record.ts'
import { sendingOnce } from '../../stream/sendingOnce.kafka.ts'
import { untilCompleted } from '../../stream/untilCompleted.kafka.ts'
import {
  isRedriven,
  reasonOf,
  redrivenOf,
  type PartitionCounts,
  type Redriven,
  type RedriveObstacle,
} from '../../stream/redriven.ts'

/** How many dead letters there were, by the reason that they name, and by what kept them back. */
export type RedriveResult = {
  readonly sent: Readonly<Record<string, number>>
  readonly kept: Readonly<Partial<Record<RedriveObstacle, number>>>
}

export type RedriveDeps = {
  readonly fetch: Pick<PartitionFetch, 'bounds' | 'read'>
  readonly partitions: readonly number[]
  readonly deadLetters: string
  /** The topics that dead letters may go back to. */
  readonly inputs: PartitionCounts
  readonly groupId: string
  readonly committed: AskCommitted
  /** null: nothing is sent, and nothing is marked as sent. */
  readonly begin: (() => Promise<Transaction>) | null
  readonly onProgress: (done: number, of: number) => void
}

/**
 * Sends each dead letter that there is now back to where it came from: once, over all runs, as the records and the mark
 * up to where dead letters are done are one transaction. One that is refused again is a new dead letter, for a later run.
 * Those that cannot be sent again are passed over.
 */
export const redrive = async (deps: RedriveDeps): Promise<RedriveResult> => {
  // An empty transaction fences a run before this one: what it has marked as sent by now is all that it will mark.
  if (deps.begin !== null) await (await deps.begin()).abort()
  const stretches = await Promise.all(
    deps.partitions.map(async (partition) => {
      const { start, end } = await deps.fetch.bounds(deps.deadLetters, partition)
      const { offset } = await deps.committed(partition)
      return { partition, from: Math.max(start, offset ?? 0), end }
    }),
  )
  const total = stretches.reduce((sum, { from, end }) => sum + Math.max(0, end - from), 0)
  const sent: Record<string, number> = {}
  const kept: Partial<Record<RedriveObstacle, number>> = {}
  let done = 0
  for (const { partition, from, end } of stretches)
    for (let position = from; position < end;) {
      const { records, next } = await deps.fetch.read(deps.deadLetters, partition, position)
      const letters = records.filter(({ offset }) => offset < end)
      const upTo = Math.min(next, end)
      const outcomes = letters.map((letter) => ({ letter, to: redrivenOf(letter, deps.inputs) }))
      await sendAll(deps, partition, upTo, outcomes.map(({ to }) => to).filter(isRedriven))
      for (const { letter, to } of outcomes) count(letter, to, sent, kept)
      done += upTo - position
      position = upTo
      deps.onProgress(done, total)
    }
  return { sent, kept }
}

const count = (
  letter: RawRecord,
  to: Redriven | RedriveObstacle,
  sent: Record<string, number>,
  kept: Partial<Record<RedriveObstacle, number>>,
): void => {
  if (isRedriven(to)) sent[reasonOf(letter)] = (sent[reasonOf(letter)] ?? 0) + 1
  else kept[to] = (kept[to] ?? 0) + 1
}

const sendAll = async (
  { begin, groupId, deadLetters }: RedriveDeps,
  partition: number,
  upTo: number,
  redriven: readonly Redriven[],
): Promise<void> => {
  if (begin === null) return
  const transaction = await begin()
  try {
    const topics = [...new Set(redriven.map(({ topic }) => topic))]
    if (topics.length > 0) {
      const taken = await sendingOnce(transaction).sendBatch({
        acks: -1,
        topicMessages: topics.map((topic) => ({
          topic,
          messages: redriven
            .filter((each) => each.topic === topic)
            .map(({ partition: to, key, value, headers }) => ({ partition: to, key, value, headers })),
        })),
      })
      for (const each of redriven) assertTaken(each, taken)
    }
    await untilCompleted(() =>
      transaction.sendOffsets({
        consumerGroupId: groupId,
        topics: [{ topic: deadLetters, partitions: [{ partition, offset: String(upTo) }] }],
      }),
    )
    await transaction.commit()
  } catch (error) {
    await transaction.abort().catch(() => undefined)
    throw error
  }
}

/** kafkajs says nothing of what it left out, as where a leader moved meanwhile: that must not be marked as sent. */
const assertTaken = ({ topic, partition }: Redriven, taken: readonly RecordMetadata[]): void => {
  if (!taken.some((each) => each.topicName === topic && each.partition === partition))
    throw new SluiceError(
      'KAFKA_UNAVAILABLE',
      `no broker took the dead letters for partition ${partition} of ${topic}`,
      { retriable: true },
    )
}
