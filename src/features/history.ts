import { SluiceError } from '../errors.ts'
import { createIdentityTable, findLinear, type IdentityTable } from './identity.ts'
import {
  outcomeCodes,
  outcomeRecordBytes,
  paymentRecordBytes,
  recordKinds,
  recordVersion,
  wordBytes,
  type RecordIdentity,
} from './record.ts'

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

/** Higher than any position. */
export const neverTold = 0x7fff_ffff

/** Up to here a linear search is as fast as a table and needs no memory. */
const linearSearchUpTo = 64

const allowed = outcomeCodes.indexOf('ALLOW')
const stepUpPassed = outcomeCodes.indexOf('STEP_UP_PASSED')
const blocked = outcomeCodes.indexOf('BLOCK')
const declined = outcomeCodes.indexOf('DECLINED')

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const unreadable = (what: string, position: number): SluiceError =>
  new SluiceError(
    'HISTORY_FORMAT_UNKNOWN',
    `a history has ${what} at byte ${position}; a newer Sluice may have written it`,
  )

const logArrays = (byteLength: number): Pick<History, 'bytes' | 'uints' | 'floats'> => {
  const memory = new ArrayBuffer(Math.ceil(byteLength / wordBytes) * wordBytes)
  return { bytes: new Uint8Array(memory), uints: new Uint32Array(memory), floats: new Float64Array(memory) }
}

const paymentArrays = (
  capacity: number,
): Pick<History, 'positions' | 'newest' | 'allowedFrom' | 'blockedFrom'> => {
  const memory = new ArrayBuffer(capacity * 20)
  return {
    newest: new Float64Array(memory, 0, capacity),
    positions: new Int32Array(memory, capacity * 8, capacity),
    allowedFrom: new Int32Array(memory, capacity * 12, capacity),
    blockedFrom: new Int32Array(memory, capacity * 16, capacity),
  }
}

const grown = (needed: number): number => needed + (needed >> 2)

/** A history of what `initialBytes` hold; `append` throws what this throws. */
export const createHistory = (initialBytes?: Uint8Array): History => {
  /** How far the log has been read: everything before is in the arrays. */
  let parsed = 0
  let table: IdentityTable | null = null
  /** Positions of outcomes whose payment has not come yet. */
  let waiting: number[] = []

  const find = (idLow: number, idHigh: number, attempt: number, content: number): number =>
    table === null
      ? findLinear(history, idLow, idHigh, attempt, content)
      : table.find(history, idLow, idHigh, attempt, content)

  const history: Mutable<History> = {
    byteLength: 0,
    ...logArrays(initialBytes?.byteLength ?? 0),
    payments: 0,
    ...paymentArrays(Math.floor((initialBytes?.byteLength ?? 0) / paymentRecordBytes)),
    append(bytes) {
      const length = history.byteLength + bytes.byteLength
      if (length > history.bytes.byteLength) growLog(grown(length))
      history.bytes.set(bytes, history.byteLength)
      history.byteLength = length
      parse()
    },
    firstPosition({ idLow, idHigh, attempt, content }) {
      const index = find(idLow, idHigh, attempt, content)
      return index < 0 ? -1 : (history.positions[index] ?? -1)
    },
  }

  const tableFor = (capacity: number): IdentityTable | null =>
    capacity > linearSearchUpTo ? createIdentityTable(history, capacity) : null

  const growLog = (byteLength: number): void => {
    const old = history.bytes
    Object.assign(history, logArrays(byteLength))
    history.bytes.set(old.subarray(0, history.byteLength))
  }

  const growPayments = (capacity: number): void => {
    const { positions, newest, allowedFrom, blockedFrom } = history
    Object.assign(history, paymentArrays(capacity))
    history.positions.set(positions)
    history.newest.set(newest)
    history.allowedFrom.set(allowedFrom)
    history.blockedFrom.set(blockedFrom)
    table = tableFor(capacity)
  }

  const tell = (index: number, outcome: number, position: number): void => {
    const told =
      outcome === allowed || outcome === stepUpPassed
        ? history.allowedFrom
        : outcome === blocked || outcome === declined
          ? history.blockedFrom
          : null
    if (told !== null) told[index] = Math.min(told[index] ?? neverTold, position)
  }

  const readOutcome = (position: number): boolean => {
    const { uints, bytes } = history
    const at = position >> 2
    const content = bytes[position + 6] === 1 ? (uints[at + 1] ?? 0) & 0xffff : -1
    const index = find(uints[at + 6] ?? 0, uints[at + 7] ?? 0, (uints[at] ?? 0) >>> 24, content)
    if (index >= 0) tell(index, bytes[position + 2] ?? 0, position)
    return index >= 0
  }

  const readPayment = (position: number): void => {
    const at = position >> 2
    const { uints } = history
    const head = uints[at] ?? 0
    const idLow = uints[at + 6] ?? 0
    if (find(idLow, uints[at + 7] ?? 0, head >>> 24, (uints[at + 1] ?? 0) & 0xffff) >= 0) return
    const index = history.payments
    if (index === history.positions.length) growPayments(Math.max(4, grown(index + 1)))
    const effectiveAt = history.floats[(position >> 3) + 2] ?? 0
    history.positions[index] = position
    history.newest[index] = index === 0 ? effectiveAt : Math.max(history.newest[index - 1] ?? 0, effectiveAt)
    history.allowedFrom[index] = neverTold
    history.blockedFrom[index] = neverTold
    history.payments = index + 1
    table?.add(idLow, index)
    tell(index, (head >>> 19) & 7, position)
    if (waiting.length > 0) waiting = waiting.filter((outcome) => !readOutcome(outcome))
  }

  const readRecord = (position: number, tag: number, words: number): void => {
    const kind = tag >>> 4
    if (kind === recordKinds.header) throw unreadable(`a header of version ${tag & 15}`, position)
    if (kind !== recordKinds.payment && kind !== recordKinds.outcome) return
    const isPayment = kind === recordKinds.payment
    if ((tag & 15) !== recordVersion)
      throw unreadable(`a record of kind ${kind} and version ${tag & 15}`, position)
    if (words * wordBytes < (isPayment ? paymentRecordBytes : outcomeRecordBytes)) {
      throw unreadable(`a record of kind ${kind} and only ${words} words`, position)
    }
    if (isPayment) readPayment(position)
    else if (!readOutcome(position)) waiting.push(position)
  }

  const parse = (): void => {
    while (parsed + wordBytes <= history.byteLength) {
      const head = history.uints[parsed >> 2] ?? 0
      const words = (head >>> 8) & 0xff
      if (words === 0) throw unreadable('a record without length', parsed)
      if (parsed + words * wordBytes > history.byteLength) return
      readRecord(parsed, head & 0xff, words)
      parsed += words * wordBytes
    }
  }

  table = tableFor(history.positions.length)
  if (initialBytes !== undefined) history.append(initialBytes)
  return history
}
