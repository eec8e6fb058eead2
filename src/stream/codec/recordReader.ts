import type { Headers, RefusalReason } from '../../domain/received.ts'
import type { RawRecord } from '../record.ts'
import type { Fault } from './check.ts'
import type { Codec, Read } from './codec.ts'
import { besideBytes, isLargeBeside } from './beside.ts'
import { panBeside, textOf } from './pans.ts'

/**
 * Reads the value of a Kafka record: Avro, or JSON where the header `content-type` says so.
 * @param across what a field's own check cannot know: the record's timestamp, for instance.
 */
export const createRecordReader =
  <T extends object>(
    codec: Codec<T>,
    maxBytes: number,
    across: (value: T, record: RawRecord) => Fault | null,
  ): ((record: RawRecord) => Read<T>) =>
  (record) => {
    const { value } = record
    if (isLargeBeside(record)) {
      const detail = `expected at most ${besideBytes} bytes of key and headers, found more`
      return refused('OVERSIZED', detail, value === null ? {} : codec.glimpse(value))
    }
    if (value === null || value.length === 0) return refused('EMPTY', 'expected a record, found no bytes', {})
    if (value.length > maxBytes) {
      const detail = `expected at most ${maxBytes} bytes, found ${value.length}`
      return refused('OVERSIZED', detail, codec.glimpse(value))
    }
    const read = isJson(record.headers) ? codec.readJson(value) : codec.read(value)
    if (!read.ok) return read
    const fault = panBeside(record) ?? across(read.value, record)
    return fault === null
      ? read
      : { ok: false, fault, partial: Object.fromEntries(Object.entries(read.value)) }
  }

const refused = <T>(
  reason: RefusalReason,
  detail: string,
  partial: Readonly<Record<string, unknown>>,
): Read<T> => ({
  ok: false,
  fault: { reason, detail, field: null },
  partial,
})

const jsonType = /^application\/json\s*(;|$)/i

/** Whether a record says that it is JSON. */
export const isJson = (headers: Headers): boolean => {
  const contentType = textOf(headers['content-type'])
  return contentType !== null && jsonType.test(contentType)
}
