import type { Consumer, EachBatchPayload, Producer } from 'kafkajs'
import type { Refused } from '../domain/received.ts'
import { acknowledged } from './acknowledged.kafka.ts'
import { deadLetter, toRawRecord } from './messages.ts'
import type { RawRecord } from './record.ts'
import { partsOf } from './requests.ts'
import { positionsTaken } from './taken.ts'

export type SideConsumerDeps<T> = {
  readonly consumer: Consumer
  readonly producer: Producer
  readonly topic: string
  readonly deadLetters: string
  readonly decode: (record: RawRecord) => T | Refused
  readonly isRefused: (decoded: T | Refused) => decoded is Refused
  /** Takes the records over for good. A rejection means that nothing is known to be taken: they come again. */
  readonly apply: (records: readonly T[]) => Promise<void>
  /** How long the partition rests after `apply` rejected. */
  readonly retryPauseMs: number
  readonly monotonic: () => number
  readonly observe: (result: 'applied' | 'refused', count: number) => void
  readonly onFailure: (error: unknown) => void
  readonly onCrash: (error: Error) => void
}

export type SideConsumer = { readonly start: () => Promise<void>; readonly stop: () => Promise<void> }

/** Reads a topic that is not on the payment's path: offsets move only after the records were taken over. */
export const createSideConsumer = <T>(deps: SideConsumerDeps<T>): SideConsumer => {
  const { consumer, topic } = deps

  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, uncommittedOffsets, pause } = payload
    const enteredAt = deps.monotonic()
    const decoded = batch.messages.map((message) =>
      deps.decode(toRawRecord(topic, batch.partition, message, enteredAt)),
    )
    const refused = decoded.filter(deps.isRefused)
    const accepted = decoded.filter((record): record is T => !deps.isRefused(record))
    try {
      await deps.apply(accepted)
    } catch (error) {
      deps.onFailure(error)
      const resume = pause()
      setTimeout(resume, deps.retryPauseMs)
      return
    }
    for (const messages of partsOf(refused.map(deadLetter))) {
      const sent = await acknowledged(
        deps.producer.send({ topic: deps.deadLetters, acks: -1, messages }),
        'dead letters',
      )
      positionsTaken(deps.deadLetters, messages, sent)
    }
    deps.observe('applied', accepted.length)
    deps.observe('refused', refused.length)
    resolveOffset(batch.lastOffset())
    await commitOffsetsIfNecessary(uncommittedOffsets())
    await heartbeat()
  }

  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) deps.onCrash(payload.error)
  })

  return {
    start: async () => {
      await consumer.connect()
      await consumer.subscribe({ topics: [topic], fromBeginning: true })
      await consumer.run({
        // What is resolved is committed at once, also where only markers of transactions were fetched: nobody is
        // called for those, and without this the group would seem to be behind for ever.
        autoCommit: true,
        autoCommitInterval: 0,
        eachBatchAutoResolve: false,
        eachBatch,
      })
    },
    stop: async () => {
      await consumer.stop()
      await consumer.disconnect()
    },
  }
}
