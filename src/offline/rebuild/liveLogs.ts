import { SluiceError } from '../../errors.ts'
import { readWhole } from '../../features/settle.ts'
import { recordKinds } from '../../features/record.ts'

/** Logs that cannot be read, by their keys: how long they were when that was seen, before the topics were read to their ends. */
export type UnreadableLogs = ReadonlyMap<string, number>

export const isUnreadable = (log: Uint8Array): boolean => readWhole(log) === 'unknown'

/** What of a live log goes behind what was rebuilt, as far as it was not read from the topics. */
export type LiveLog = {
  readonly bytes: Uint8Array
  /** How often it was folded, as far as it says so. */
  readonly generation: number
  /** Whether what could not be read is given up. */
  readonly isReplaced: boolean
}

const headerBytes = 8

const generationOf = (log: Uint8Array): number => {
  if (log.byteLength < headerBytes) return 0
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength)
  return view.getUint8(0) >>> 4 === recordKinds.header ? view.getUint32(4, true) : 0
}

/**
 * @param unreadable null: none may be given up
 * @throws SluiceError HISTORY_FORMAT_UNKNOWN, naming the key; STOPPED
 */
export const liveLog = (key: string, log: Uint8Array, unreadable: UnreadableLogs | null): LiveLog => {
  const generation = generationOf(log)
  if (!isUnreadable(log)) return { bytes: log, generation, isReplaced: false }
  if (unreadable === null)
    throw new SluiceError(
      'HISTORY_FORMAT_UNKNOWN',
      `the history at ${key} cannot be read: a newer Sluice may have written it, or it is damaged; --replace-unreadable gives such histories up for what the topics have`,
    )
  const length = unreadable.get(key)
  // What was appended since is whole records, and the topics were read to their ends after the length was seen.
  const appended = length === undefined || length > log.byteLength ? null : log.subarray(length)
  if (appended === null || isUnreadable(appended))
    throw new SluiceError(
      'STOPPED',
      `the history at ${key} became unreadable while this ran, or another one: run it again`,
      {
        retriable: true,
      },
    )
  return { bytes: appended, generation, isReplaced: true }
}
