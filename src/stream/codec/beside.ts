import type { Headers } from '../../domain/received.ts'
import type { RawRecord } from '../record.ts'
import { headerBytes } from '../requests.ts'

/**
 * Most bytes of a record's key and headers. They are given on, with the decision or the dead letter, and those must fit
 * into what a broker takes: a record that fills that alone would be delivered, and fail, for ever.
 */
export const besideBytes = 65_536

export const isLargeBeside = ({ key, headers }: Pick<RawRecord, 'key' | 'headers'>): boolean =>
  (key?.length ?? 0) + headerBytes(headers) > besideBytes

/** The key and the headers as they may be given on: what is too large is left out. */
export const keptBeside = (
  record: Pick<RawRecord, 'key' | 'headers'>,
): { readonly key: Buffer | null; readonly headers: Headers } => {
  const key = record.key !== null && record.key.length > besideBytes ? null : record.key
  return { key, headers: isLargeBeside({ key, headers: record.headers }) ? {} : record.headers }
}
