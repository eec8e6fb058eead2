import { createIdentityTable, findLinear, type IdentityTable } from './identity.ts'
import { outcomeRecordBytes, paymentRecordBytes, wordBytes } from './record.ts'

/** The memory of one history: see `History` for what its arrays hold. A plain object, as there are many of them. */
export type LogArrays = {
  byteLength: number
  bytes: Uint8Array
  uints: Uint32Array
  floats: Float64Array
  payments: number
  positions: Int32Array
  newest: Float64Array
  allowedFrom: Int32Array
  blockedFrom: Int32Array
  /** Makes searching a long history fast; a short one needs none. */
  table: IdentityTable | null
}

/** Higher than any position. */
export const neverTold = 0x7fff_ffff

/** What one payment takes beside its record: a time and three positions. */
export const indexBytes = 20

/** Up to here a linear search is as fast as a table. */
const linearSearchUpTo = 64

/** The arrays of a history without bytes. */
export const noArrays = {
  bytes: new Uint8Array(0),
  uints: new Uint32Array(0),
  floats: new Float64Array(0),
  positions: new Int32Array(0),
  newest: new Float64Array(0),
  allowedFrom: new Int32Array(0),
  blockedFrom: new Int32Array(0),
} as const

/** Two payments with their outcomes: a log that was just read mostly grows by little before it is dropped. */
const firstSpareBytes = 2 * (paymentRecordBytes + outcomeRecordBytes)

/** A quarter more than needed, but little for a first filling: many histories are read once and seldom grow. */
const roomFor = (needed: number, held: number, firstSpare: number): number =>
  needed + (held === 0 ? firstSpare : needed >> 2)

const growLog = (arrays: LogArrays, byteLength: number): void => {
  const memory = new ArrayBuffer(Math.ceil(byteLength / wordBytes) * wordBytes)
  const bytes = new Uint8Array(memory)
  bytes.set(arrays.bytes.subarray(0, arrays.byteLength))
  arrays.bytes = bytes
  arrays.uints = new Uint32Array(memory)
  arrays.floats = new Float64Array(memory)
}

const growPayments = (arrays: LogArrays, capacity: number): void => {
  const { newest, positions, allowedFrom, blockedFrom } = arrays
  const memory = new ArrayBuffer(capacity * indexBytes)
  arrays.newest = new Float64Array(memory, 0, capacity)
  arrays.positions = new Int32Array(memory, capacity * 8, capacity)
  arrays.allowedFrom = new Int32Array(memory, capacity * 12, capacity)
  arrays.blockedFrom = new Int32Array(memory, capacity * 16, capacity)
  arrays.newest.set(newest)
  arrays.positions.set(positions)
  arrays.allowedFrom.set(allowedFrom)
  arrays.blockedFrom.set(blockedFrom)
  arrays.table = capacity > linearSearchUpTo ? createIdentityTable(arrays, capacity) : null
}

export const addBytes = (arrays: LogArrays, bytes: Uint8Array): void => {
  const byteLength = arrays.byteLength + bytes.byteLength
  if (byteLength > arrays.bytes.byteLength)
    growLog(arrays, roomFor(byteLength, arrays.byteLength, firstSpareBytes))
  arrays.bytes.set(bytes, arrays.byteLength)
  arrays.byteLength = byteLength
}

/** Index of the payment with that identity, or -1; `content` may be `anyContent`. */
export const findPayment = (
  arrays: LogArrays,
  idLow: number,
  idHigh: number,
  attempt: number,
  content: number,
): number =>
  arrays.table === null
    ? findLinear(arrays, idLow, idHigh, attempt, content)
    : arrays.table.find(arrays, idLow, idHigh, attempt, content)

/** The first guess is that every payment has its outcome in the log. */
const firstCapacity = (arrays: LogArrays): number =>
  Math.ceil(arrays.byteLength / (paymentRecordBytes + outcomeRecordBytes)) + 2

/** Takes the record at `position` for a payment that is not among the others yet; returns its index. */
export const addPayment = (arrays: LogArrays, position: number): number => {
  const index = arrays.payments
  if (index === arrays.positions.length) {
    growPayments(arrays, index === 0 ? firstCapacity(arrays) : Math.max(4, roomFor(index + 1, index, 0)))
  }
  const effectiveAt = arrays.floats[(position >> 3) + 2] ?? 0
  arrays.positions[index] = position
  arrays.newest[index] = index === 0 ? effectiveAt : Math.max(arrays.newest[index - 1] ?? 0, effectiveAt)
  arrays.allowedFrom[index] = neverTold
  arrays.blockedFrom[index] = neverTold
  arrays.payments = index + 1
  arrays.table?.add(arrays.uints[(position >> 2) + 6] ?? 0, index)
  return index
}
