import type { Happening } from '../domain/happening.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { ReasonSet } from '../domain/reasonSet.ts'
import type { Received } from '../domain/received.ts'
import type { Recalled } from './recalled.ts'

export type Concluded = {
  readonly received: Received
  readonly outcome: Outcome
  /** Of a STEP_UP: what it was asked for. */
  readonly reasons?: ReasonSet
}

/** What is remembered of each entity, by whatever store. */
export type Histories = {
  /**
   * Appends each payment to the history of each of its entities and answers, in the order of `batch`, with what
   * each payment sees of them: the records before its own first record. Never rejects for the store: what could
   * not be read is 'unknown', and what could not be appended is appended when the store is back.
   * @param outcomes what became of each payment, where that is known beforehand, as of past ones: payments that come
   * after it in the batch see it too, and it needs no `conclude`
   */
  remember(batch: readonly Received[], outcomes?: readonly (Outcome | null)[]): Promise<readonly Recalled[]>
  /** Appends the outcomes to the histories of the same entities, at once or later. Never rejects for the store. */
  conclude(batch: readonly Concluded[]): Promise<void>
  /**
   * Appends what happened beside payments to the histories of all entities that it names: payments that are remembered
   * afterwards see it. Rejects where the store did not take it, or may not have: nobody else keeps it, so it is to be
   * noted again. What is noted twice counts once.
   */
  note(batch: readonly Happening[]): Promise<void>
  /** Resolves when no outcome waits any more: before the offsets of their payments are committed. Never rejects. */
  flush(): Promise<void>
  close(): Promise<void>
}

/** Minor units of the base currency at that time (epoch ms); NaN where no rate is known. */
export type ToBase = (amountMinor: number, currency: string, at: number) => number

/** What a store reports, in numbers of logs, records (once for each log), devices or shards. */
export type HistoriesEvent =
  | 'logs_read_whole'
  | 'logs_read_beyond'
  | 'logs_read_again'
  | 'logs_unreadable'
  | 'devices_unreadable'
  | 'shards_changed'
  | 'logs_folded'
  | 'folds_failed'
  | 'records_missed'
  | 'records_caught_up'
  | 'records_lost'
export type OnHistoriesEvent = (event: HistoriesEvent, count: number) => void
