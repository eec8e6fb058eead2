import { accountEventKinds } from '../domain/accountEvent.ts'
import { addNote } from './notes.ts'
import { isFolded, type Cursor, type ReadLog } from './readLog.ts'
import { labelCodes } from './record.ts'

/** Takes what a payment turned out to be. */
export const readLabel = (log: ReadLog, cursor: Cursor): void => {
  const { view, at, position } = cursor
  if (isFolded(log, cursor, view.getFloat64(at + 32, true))) return
  const kind = labelCodes[view.getUint8(at + 2)]
  if (kind !== 'FRAUD' && kind !== 'GENUINE') return
  log.notes = addNote(log.notes, {
    kind,
    at: view.getFloat64(at + 32, true),
    knownAt: view.getFloat64(at + 16, true),
    position,
    idLow: view.getUint32(at + 24, true),
    idHigh: view.getUint32(at + 28, true),
    tried: 0,
  })
}

/** Takes what else the account did. */
export const readEvent = (log: ReadLog, cursor: Cursor): void => {
  const { view, at, position } = cursor
  if (isFolded(log, cursor, view.getFloat64(at + 16, true))) return
  const kind = accountEventKinds[view.getUint8(at + 2)]
  if (kind === undefined || kind === 'UNKNOWN') return
  const effectiveAt = view.getFloat64(at + 16, true)
  log.notes = addNote(log.notes, {
    kind,
    at: effectiveAt,
    knownAt: effectiveAt,
    position,
    idLow: view.getUint32(at + 24, true),
    idHigh: view.getUint32(at + 28, true),
    tried: 0,
  })
}
