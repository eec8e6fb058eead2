import type { Arrived, ReadDocument, ReadReports } from '../attestation/readReports.ts'
import type { DeviceReport } from '../domain/deviceHealth.ts'
import type { Refused } from '../domain/received.ts'
import type { DeviceStates } from '../features/deviceStates.ts'
import { recordTime } from '../stream/codec/clock.ts'
import type { RawRecord } from '../stream/record.ts'

/** A report that was decoded, with the record's place and time. */
export const decodeArrived =
  (decode: (record: RawRecord) => DeviceReport | Refused, now: () => number) =>
  (record: RawRecord): Arrived | Refused => {
    const report = decode(record)
    if ('reason' in report) return report
    return {
      report,
      owner: `${record.topic} ${record.partition} ${record.offset}`,
      arrivedAt: recordTime(record, now),
    }
  }

/** So many reports at a time: a fetch may hold thousands, and payments have their turn in between, here and in Redis. */
const atATime = 32

/** Reads the documents of reports, then keeps what can be believed. A rejection means that the reports come again. */
export const createTakeReports =
  (read: ReadReports, states: DeviceStates, observe: (document: ReadDocument) => void) =>
  async (arrived: readonly Arrived[]): Promise<void> => {
    for (let from = 0; from < arrived.length; from += atATime) {
      const reports = await read(arrived.slice(from, from + atATime))
      await states.apply(reports.map(({ health }) => health))
      for (const { document } of reports) if (document !== null) observe(document)
    }
  }
