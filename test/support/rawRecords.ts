import type { RawRecord } from '../../src/stream/record.ts'

/** A record of `payments` of which only the place counts. */
export const recordAt = (offset: number, over: Partial<RawRecord> = {}): RawRecord => ({
  topic: 'payments',
  partition: 0,
  offset,
  timestamp: 0,
  key: null,
  value: null,
  headers: {},
  enteredAt: 0,
  ...over,
})
