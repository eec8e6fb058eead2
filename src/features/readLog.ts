import { SluiceError } from '../errors.ts'
import type { Columns } from './columns.ts'
import type { Folded } from './folded.ts'
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
