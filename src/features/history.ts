import { addBytes, findPayment, noArrays } from './logArrays.ts'
import { readRecords, type ReadLog } from './logReader.ts'
import type { RecordIdentity } from './record.ts'

/**
 * One entity's log in memory: the raw bytes, and for each payment in them where it stands and what became of it.
 * Positions are byte offsets in the log. A repeated payment is in the bytes but not among the payments.
 * The arrays are longer than what they hold and are replaced when they grow: read them anew after `append`.
 */
export type History = {
  /** Length of the log; `append` makes it longer by exactly what it was given. */
  readonly byteLength: number
  /** The log as bytes, as 32-bit words and as 64-bit floats: three views of one memory. */
  readonly bytes: Uint8Array
  readonly uints: Uint32Array
  readonly floats: Float64Array
  /** How many different payments the log holds. */
  readonly payments: number
  /** Where each payment's first record begins, ascending. */
  readonly positions: Int32Array
  /** Highest effectiveAt among each payment and all before it in the log: a walk back in time may stop by it. */
  readonly newest: Float64Array
  /** Position of the record that told that the payment was allowed, or `neverTold`. */
  readonly allowedFrom: Int32Array
  /** Position of the record that told that the payment was blocked or declined, or `neverTold`. */
  readonly blockedFrom: Int32Array
  /**
   * Adds bytes to the end; they may be cut anywhere, a record counts once it is whole.
   * Throws HISTORY_FORMAT_UNKNOWN at a record that this build must understand and does not.
   */
  append(bytes: Uint8Array): void
  /** Where the payment's first record begins, or -1. */
  firstPosition(identity: RecordIdentity): number
}

const nothing: readonly number[] = []

/** A history of what `initialBytes` hold; throws what `append` throws. */
export const createHistory = (initialBytes?: Uint8Array): History => {
  const history: History & ReadLog = {
    // One literal without a spread: a third of the memory of a short history.
    byteLength: 0,
    bytes: noArrays.bytes,
    uints: noArrays.uints,
    floats: noArrays.floats,
    payments: 0,
    positions: noArrays.positions,
    newest: noArrays.newest,
    allowedFrom: noArrays.allowedFrom,
    blockedFrom: noArrays.blockedFrom,
    table: null,
    parsed: 0,
    waiting: nothing,
    append: (bytes) => {
      addBytes(history, bytes)
      readRecords(history)
    },
    firstPosition: ({ idLow, idHigh, attempt, content }) => {
      const index = findPayment(history, idLow, idHigh, attempt, content)
      return index < 0 ? -1 : (history.positions[index] ?? -1)
    },
  }
  if (initialBytes !== undefined) history.append(initialBytes)
  return history
}
