import { SluiceError } from '../errors.ts'
import { anyContent } from './identity.ts'
import { addPayment, findPayment, neverTold, type LogArrays } from './logArrays.ts'
import {
  outcomeCodes,
  outcomeRecordBytes,
  paymentRecordBytes,
  recordKinds,
  recordVersion,
  wordBytes,
} from './record.ts'

/** A log and how far it has been read. */
export type ReadLog = LogArrays & {
  /** Everything before this byte is in the arrays. */
  parsed: number
  /** Positions of outcomes whose payment has not come yet. */
  waiting: readonly number[]
}

const allowed = outcomeCodes.indexOf('ALLOW')
const stepUpPassed = outcomeCodes.indexOf('STEP_UP_PASSED')
const blocked = outcomeCodes.indexOf('BLOCK')
const declined = outcomeCodes.indexOf('DECLINED')

const unreadable = (what: string, position: number): SluiceError =>
  new SluiceError(
    'HISTORY_FORMAT_UNKNOWN',
    `a history has ${what} at byte ${position}; a newer Sluice may have written it`,
  )

const tell = (log: ReadLog, index: number, outcome: number, position: number): void => {
  const told =
    outcome === allowed || outcome === stepUpPassed
      ? log.allowedFrom
      : outcome === blocked || outcome === declined
        ? log.blockedFrom
        : null
  if (told !== null) told[index] = Math.min(told[index] ?? neverTold, position)
}

const contentAt = ({ uints }: ReadLog, position: number): number => (uints[(position >> 2) + 1] ?? 0) & 0xffff

const findSame = (log: ReadLog, position: number, content: number): number => {
  const { uints } = log
  const at = position >> 2
  return findPayment(log, uints[at + 6] ?? 0, uints[at + 7] ?? 0, (uints[at] ?? 0) >>> 24, content)
}

/** False if its payment is not there. */
const readOutcome = (log: ReadLog, position: number): boolean => {
  const content = log.bytes[position + 6] === 1 ? contentAt(log, position) : anyContent
  const index = findSame(log, position, content)
  if (index >= 0) tell(log, index, log.bytes[position + 2] ?? 0, position)
  return index >= 0
}

const readPayment = (log: ReadLog, position: number): void => {
  if (findSame(log, position, contentAt(log, position)) >= 0) return
  const index = addPayment(log, position)
  tell(log, index, ((log.bytes[position + 2] ?? 0) >> 3) & 7, position)
  if (log.waiting.length > 0) log.waiting = log.waiting.filter((outcome) => !readOutcome(log, outcome))
}

const checkForm = (kind: number, version: number, byteLength: number, position: number): void => {
  if (version !== recordVersion) throw unreadable(`a record of kind ${kind} and version ${version}`, position)
  const least = kind === recordKinds.payment ? paymentRecordBytes : outcomeRecordBytes
  if (byteLength < least) throw unreadable(`a record of kind ${kind} and only ${byteLength} bytes`, position)
}

const readRecord = (log: ReadLog, position: number, tag: number, byteLength: number): void => {
  const kind = tag >>> 4
  const version = tag & 15
  if (kind === recordKinds.header) throw unreadable(`a header of version ${version}`, position)
  if (kind !== recordKinds.payment && kind !== recordKinds.outcome) return
  checkForm(kind, version, byteLength, position)
  if (kind === recordKinds.payment) readPayment(log, position)
  else if (!readOutcome(log, position)) log.waiting = [...log.waiting, position]
}

/** Reads on to the last record that is whole. Throws HISTORY_FORMAT_UNKNOWN and stays where it is. */
export const readRecords = (log: ReadLog): void => {
  while (log.parsed + wordBytes <= log.byteLength) {
    const byteLength = (log.bytes[log.parsed + 1] ?? 0) * wordBytes
    if (byteLength === 0) throw unreadable('a record without length', log.parsed)
    if (log.parsed + byteLength > log.byteLength) return
    readRecord(log, log.parsed, log.bytes[log.parsed] ?? 0, byteLength)
    log.parsed += byteLength
  }
}
