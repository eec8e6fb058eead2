import { SluiceError } from '../errors.ts'
import type { Columns } from './columns.ts'
import { foldedOffsetKey, type Folded } from './folded.ts'
import { findLinear, type IdentityTable, type Sought } from './identity.ts'
import type { Notes } from './notes.ts'

/** A history while it is being read. */
export type ReadLog = Columns & {
  byteLength: number
  /** Makes searching a long history fast; a short one needs none. */
  table: IdentityTable | null
  /** Outcomes whose payment has not come yet: for each what `readOutcome` needs; null: none. */
  waiting: number[] | null
  notes: Notes
  folded: Folded | null
  /** Of payments that are folded and whose outcome came afterwards the class that it gave, by id and attempt. */
  late: Map<string, number> | null
  /** How many buckets the fold left; null: not looked for yet. */
  left: number | null
}

/** The record that is being read: its log, where in the bytes it stands and where in the log. */
export type Cursor = { readonly view: DataView; at: number; position: number }

export const unreadable = (what: string, position: number): SluiceError =>
  new SluiceError(
    'HISTORY_FORMAT_UNKNOWN',
    `a history has ${what} at byte ${position}; a newer Sluice may have written it`,
  )

/** Index of the payment with that identity, or -1. */
export const findPayment = (log: ReadLog, sought: Sought): number =>
  log.table === null ? findLinear(log, sought) : log.table.find(log, sought)

/** Source offset of the record at `at`. */
export const offsetAt = (view: DataView, at: number): number =>
  view.getUint32(at + 10, true) + view.getUint16(at + 14, true) * 2 ** 32

/**
 * Whether the record came before one of its kind and source partition that is folded: it was delivered again. What is
 * newer than all that is folded cannot be in there, whatever its offset: topics are made anew. What the fold kept is not
 * in there either.
 * @param time of the record, epoch ms
 */
export const isFolded = ({ folded }: ReadLog, { view, at, position }: Cursor, time: number): boolean => {
  if (folded === null || time > folded.until || position < folded.keptUntil) return false
  const key = foldedOffsetKey(view, at)
  const highest = key === null ? undefined : folded.offsets.get(key)
  return highest !== undefined && offsetAt(view, at) <= highest
}
