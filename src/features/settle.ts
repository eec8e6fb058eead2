import { SluiceError } from '../errors.ts'
import { appendFrom, appendTo, beginsWith, createHistory, type History } from './history.ts'

/** What the store says of a log: its whole, or its first bytes and what lies beyond the known length. */
export type LogAnswer = { readonly prefix: Uint8Array | null; readonly bytes: Uint8Array }

/** unknown: it holds something that this build cannot read. stale: it is not a continuation of what is held. */
export type Settled = History | 'unknown' | 'stale'

/** What a batch appended to one log: records of one length, by their number in `view`. */
export type Own = {
  readonly view: DataView
  readonly recordBytes: number
  readonly records: readonly number[]
}

/** `bytes` stand in the log from `from` on; another reply may have brought some of them already. */
const extend = (history: History, from: number, bytes: Uint8Array): History => {
  const known = history.byteLength - from
  if (known < bytes.byteLength) appendTo(history, known === 0 ? bytes : bytes.subarray(known))
  return history
}

const extendByOwn = (history: History, from: number, { view, recordBytes, records }: Own): History => {
  let position = from
  for (const record of records) {
    if (position >= history.byteLength)
      appendFrom(history, view, record * recordBytes, (record + 1) * recordBytes)
    position += recordBytes
  }
  return history
}

const continued = (held: History, knownBytes: number, own: Own, answer: LogAnswer | null): Settled => {
  if (answer === null) return extendByOwn(held, knownBytes, own)
  if (answer.prefix === null) return createHistory(answer.bytes)
  return beginsWith(held, answer.prefix) ? extend(held, knownBytes, answer.bytes) : 'stale'
}

const unknownIfUnreadable = (error: unknown): 'unknown' => {
  if (error instanceof SluiceError && error.code === 'HISTORY_FORMAT_UNKNOWN') return 'unknown'
  throw error
}

export const readWhole = (bytes: Uint8Array): History | 'unknown' => {
  try {
    return createHistory(bytes)
  } catch (error) {
    return unknownIfUnreadable(error)
  }
}

/**
 * The history after an append.
 * @param held what was held, null for nothing; it may have grown since the request was made
 * @param knownBytes length of what was held when the request was made
 * @param answer null: the log was exactly `knownBytes` long before the append
 */
export const settle = (
  held: History | null,
  knownBytes: number,
  own: Own,
  answer: LogAnswer | null,
): Settled => {
  try {
    if (held !== null) return continued(held, knownBytes, own, answer)
    return answer === null ? extendByOwn(createHistory(), 0, own) : createHistory(answer.bytes)
  } catch (error) {
    return unknownIfUnreadable(error)
  }
}
