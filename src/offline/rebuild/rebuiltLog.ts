import { SluiceError } from '../../errors.ts'
import { toldElsewhere, type FoldedParts } from '../../features/folded.ts'
import { encodeFolded } from '../../features/foldedRecords.ts'
import { createHistory } from '../../features/history.ts'
import type { LiveLog } from './liveLogs.ts'
import { recordsIn, type Raw } from '../../features/rawRecords.ts'
import { entitySlots, recordKinds } from '../../features/record.ts'
import { noRows } from '../../features/rows.ts'

/** Offsets of one partition that were read: from `from` on, up to before `until`. */
export type ReadRange = { readonly from: number; readonly until: number }

/** By partition, what was read of each topic. */
export type ReadRanges = {
  readonly payments: ReadonlyMap<number, ReadRange>
  readonly feedback: ReadonlyMap<number, ReadRange>
  readonly accountEvents: ReadonlyMap<number, ReadRange>
}

const foldedKinds: readonly number[] = [
  recordKinds.header,
  recordKinds.bucket,
  recordKinds.lastSeen,
  recordKinds.foldedOffset,
]

const isOfFold = ({ kind }: Raw): boolean => foldedKinds.includes(kind)

/** Where an outcome comes from a decision, its record says which content was decided. */
const isOfDecision = (bytes: Uint8Array, { from }: Raw): boolean => bytes[from + 6] === 1

const rangesOf = (kind: number, ofDecision: boolean, ranges: ReadRanges): ReadRanges['payments'] | null => {
  switch (kind) {
    case recordKinds.payment:
      return ranges.payments
    case recordKinds.outcome:
      return ofDecision ? ranges.payments : ranges.feedback
    case toldElsewhere:
    case recordKinds.label:
      return ranges.feedback
    case recordKinds.accountEvent:
      return ranges.accountEvents
    default:
      return null
  }
}

const wasRead = (bytes: Uint8Array, record: Raw, ranges: ReadRanges): boolean => {
  const { kind, partition, offset } = record
  const range = rangesOf(kind, isOfDecision(bytes, record), ranges)?.get(partition)
  return range !== undefined && offset >= range.from && offset < range.until
}

/** What is folded cannot be told apart: it may go only if all of it was read. */
const checkFolded = ({ offsets }: FoldedParts, ranges: ReadRanges): void => {
  for (const [key, offset] of offsets) {
    const range = rangesOf(Math.floor(key / 65_536), true, ranges)?.get(key % 65_536)
    if (range !== undefined && offset >= range.until)
      throw new SluiceError('STOPPED', 'a history was folded beyond what was read: run it again', {
        retriable: true,
      })
  }
}

const nothingFolded: Omit<FoldedParts, 'generation' | 'keptUntil'> = {
  until: -Infinity,
  buckets: noRows(),
  lastSeen: noRows(),
  forgottenUntil: Array.from({ length: entitySlots }, () => -Infinity),
  forgotten: Array.from({ length: entitySlots }, () => 0),
  offsets: new Map(),
  goneUntil: -Infinity,
}

/**
 * The log that takes the place of `live`, to which others append: what was rebuilt of it, and of the live one what was
 * not read from the topics. It begins as a fold of both does, with a generation that neither had, so that no copy of
 * either is taken for it.
 * @throws SluiceError STOPPED, HISTORY_FORMAT_UNKNOWN
 */
export const rebuiltLog = (
  rebuilt: Uint8Array,
  { bytes: live, generation: liveGeneration }: Pick<LiveLog, 'bytes' | 'generation'>,
  ranges: ReadRanges,
): Uint8Array => {
  const records = recordsIn(rebuilt).find((record) => !isOfFold(record))?.from ?? rebuilt.byteLength
  // As the fold left it: what came late changes buckets when it is read, and is read again from what stays.
  const { folded } = createHistory(rebuilt.subarray(0, records))
  const liveFolded = createHistory(live).folded
  if (liveFolded !== null) checkFolded(liveFolded, ranges)
  const generation = Math.max(folded?.generation ?? 0, liveGeneration) + 1
  const kept = Math.max(0, (folded?.keptUntil ?? 0) - records)
  const newer = recordsIn(live).filter((record) => !isOfFold(record) && !wasRead(live, record, ranges))
  return Buffer.concat([
    encodeFolded({ ...(folded ?? nothingFolded), generation }, kept),
    rebuilt.subarray(records),
    ...newer.map(({ from, to }) => live.subarray(from, to)),
  ])
}
