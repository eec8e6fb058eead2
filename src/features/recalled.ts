import type { DeviceState } from '../domain/deviceHealth.ts'
import type { Received } from '../domain/received.ts'
import type { History } from './history.ts'
import type { PaymentHashes } from './record.ts'

/**
 * The part of one entity's history that a payment sees: the records that begin before byte `before` of the log,
 * which is where the payment's own first record stands (`History.firstPosition`), or the log's length.
 */
export type HistoryView = {
  readonly history: History
  readonly before: number
}

/** null: the payment has no such entity. 'unknown': the history could not be read. */
export type SlotView = HistoryView | 'unknown' | null

/** A payment with everything that is remembered about what it names. */
export type Recalled = {
  readonly received: Received
  readonly hashes: PaymentHashes
  /** Minor units of the base currency, as written into the payment's own record; NaN: no rate is known. */
  readonly amountBase: number
  /** One for each of `entityTypes`, in that order. */
  readonly views: readonly SlotView[]
  /** Epoch ms from which on the history of each slot is complete; +Infinity where nothing is known to be. */
  readonly coveredSince: readonly number[]
  /** null: the device is not named or never reported. 'unknown': its state could not be read. */
  readonly device: DeviceState | 'unknown' | null
}
