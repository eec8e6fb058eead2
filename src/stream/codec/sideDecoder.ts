import type { Refused } from '../../domain/received.ts'
import type { RawRecord } from '../record.ts'
import { createFutureCheck, type ClockDeps } from './clock.ts'
import type { Codec } from './codec.ts'
import { createRecordReader } from './recordReader.ts'
import { noIds, refuse } from './refusal.ts'
import type { Schemas } from './schemas.ts'

export type SideDecoderDeps = ClockDeps & {
  readonly schemas: Schemas
  /** The largest record that is looked at. */
  readonly maxBytes: number
}

/** A refused record of a side topic carries no ids: nobody waits for an answer to it. */
export type SideDecoder<T> = (record: RawRecord) => T | Refused

/**
 * The decoder of an input topic other than `payments`.
 * @param pastTimes the times, by field, that may not lie ahead of the record.
 */
export const createSideDecoder = <T extends object>(
  codec: Codec<T>,
  deps: SideDecoderDeps,
  pastTimes: (value: T) => Readonly<Record<string, number>>,
): SideDecoder<T> => {
  const futureFault = createFutureCheck(deps)
  const read = createRecordReader(codec, deps.maxBytes, (value, record) => {
    for (const [field, statedMs] of Object.entries(pastTimes(value))) {
      const fault = futureFault(statedMs, field, record)
      if (fault !== null) return fault
    }
    return null
  })
  return (record) => {
    const result = read(record)
    return result.ok ? result.value : refuse(record, result, noIds)
  }
}
