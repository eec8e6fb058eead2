import type { RawRecord } from '../record.ts'
import { fault, type Fault } from './check.ts'
import { earliestMs } from './values.ts'

export type ClockDeps = {
  /** How far a sender's clock may be ahead of Kafka's. */
  readonly maxFutureMs: number
  /** Epoch milliseconds. */
  readonly now: () => number
}

const dayMs = 86_400_000

/** Whether Kafka knows when it got the record. */
export const hasTime = (record: Pick<RawRecord, 'timestamp'>): boolean => record.timestamp >= earliestMs

/** Kafka's timestamp; our own clock for a record that has none. */
export const recordTime = (record: Pick<RawRecord, 'timestamp'>, now: () => number): number =>
  hasTime(record) ? record.timestamp : now()

/**
 * Says whether a stated time is further ahead than a wrong clock explains: `maxFutureMs` after the record's
 * timestamp, and a day after our own clock, since a producer may be allowed to write the timestamp itself.
 */
export const createFutureCheck =
  ({ maxFutureMs, now }: ClockDeps) =>
  (statedMs: number, field: string, record: RawRecord): Fault | null => {
    const ahead = statedMs > recordTime(record, now) + maxFutureMs || statedMs > now() + dayMs
    const expected = `a time at most ${maxFutureMs} ms after the record's timestamp`
    return ahead ? { ...fault('TIME_IN_FUTURE', expected, statedMs), field } : null
  }
