import type { Headers } from '../domain/received.ts'

/** A record of an input topic as Kafka gave it. */
export type RawRecord = {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** Kafka's record timestamp, epoch milliseconds; -1: none, or none that can be. */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Headers
  /** Monotonic milliseconds at which the record entered `eachBatch`. */
  readonly enteredAt: number
}
