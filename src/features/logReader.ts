import { prefixBytes } from './columns.ts'
import {
  bucketBytes,
  firstHeaderBytes,
  headerVersion,
  lastSeenBytes,
  offsetBytes,
  readBucket,
  readHeader,
  readLastSeen,
  readOffset,
} from './foldedRecords.ts'
import { readEvent, readLabel } from './noteReader.ts'
import { readOutcome, readPayment, reserve } from './paymentReader.ts'
import { unreadable, type Cursor, type ReadLog } from './readLog.ts'
import {
  eventRecordBytes,
  labelRecordBytes,
  outcomeRecordBytes,
  paymentRecordBytes,
  recordKinds,
  recordVersion,
  wordBytes,
} from './record.ts'

const readFoldedHeader = (log: ReadLog, { view, at, position }: Cursor): void => {
  if (position !== 0) throw unreadable('a second beginning', position)
  log.folded = readHeader(view, at)
}

/** What reads a record of each kind, and the least bytes that it takes. */
const readers: ReadonlyMap<
  number,
  {
    readonly leastBytes: number
    /** The newest that is understood; `recordVersion` by default. */
    readonly newest?: number
    readonly read: (log: ReadLog, cursor: Cursor) => void
  }
> = new Map([
  [recordKinds.payment, { leastBytes: paymentRecordBytes, read: readPayment }],
  [recordKinds.outcome, { leastBytes: outcomeRecordBytes, read: readOutcome }],
  [recordKinds.label, { leastBytes: labelRecordBytes, read: readLabel }],
  [recordKinds.accountEvent, { leastBytes: eventRecordBytes, read: readEvent }],
  [recordKinds.header, { leastBytes: firstHeaderBytes, newest: headerVersion, read: readFoldedHeader }],
  [
    recordKinds.bucket,
    {
      leastBytes: bucketBytes,
      read: ({ folded }, { view, at }) => folded !== null && readBucket(folded, view, at),
    },
  ],
  [
    recordKinds.lastSeen,
    {
      leastBytes: lastSeenBytes,
      read: ({ folded }, { view, at }) => folded !== null && readLastSeen(folded, view, at),
    },
  ],
  [
    recordKinds.foldedOffset,
    {
      leastBytes: offsetBytes,
      read: ({ folded }, { view, at }) => void folded?.offsets.set(...readOffset(view, at)),
    },
  ],
])

const readRecord = (log: ReadLog, cursor: Cursor, tag: number, byteLength: number): void => {
  const kind = tag >>> 4
  const version = tag & 15
  const { position } = cursor
  const reader = readers.get(kind)
  if (reader === undefined) return
  if (version < recordVersion || version > (reader.newest ?? recordVersion))
    throw unreadable(`a record of kind ${kind} and version ${version}`, position)
  if (byteLength < reader.leastBytes)
    throw unreadable(`a record of kind ${kind} and only ${byteLength} bytes`, position)
  reader.read(log, cursor)
}

/** 0 for what is no record. */
export const recordLength = (view: DataView, at: number): number =>
  view.getUint8(at + 1) * wordBytes +
  (view.getUint8(at) >>> 4 === recordKinds.header ? view.getUint8(at + 2) : 0)

/** How many records of payments there are: the most that the bytes can add. */
const countPayments = (view: DataView, from: number, to: number): number => {
  let count = 0
  for (let at = from; at + 1 < to;) {
    const byteLength = recordLength(view, at)
    if (byteLength === 0) return count
    if (view.getUint8(at) >>> 4 === recordKinds.payment) count++
    at += byteLength
  }
  return count
}

const keepPrefix = (log: ReadLog, view: DataView, from: number, to: number): void => {
  if (log.capacity === 0) reserve(log, countPayments(view, from, to) + 1)
  const kept = new Uint8Array(log.words.buffer, 0, prefixBytes)
  for (let at = log.byteLength; at < prefixBytes && from + at - log.byteLength < to; at++)
    kept[at] = view.getUint8(from + at - log.byteLength)
}

/** Reads whole records, from `from` to `to` in `view`, at the end of the log. @throws SluiceError HISTORY_FORMAT_UNKNOWN */
export const readRecords = (log: ReadLog, view: DataView, from: number, to: number): void => {
  if (log.byteLength < prefixBytes) keepPrefix(log, view, from, to)
  const cursor: Cursor = { view, at: from, position: log.byteLength }
  while (cursor.at < to) {
    const byteLength = recordLength(view, cursor.at)
    if (byteLength === 0) throw unreadable('a record without length', cursor.position)
    if (cursor.at + byteLength > to) throw unreadable('a record that is cut short', cursor.position)
    readRecord(log, cursor, view.getUint8(cursor.at), byteLength)
    cursor.at += byteLength
    cursor.position += byteLength
    log.byteLength = cursor.position
  }
}
