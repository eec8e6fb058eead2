import type { Arrived } from '../../attestation/readReports.ts'
import type { Happening } from '../../domain/happening.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { ReasonSet } from '../../domain/reasonSet.ts'
import type { Received, Refused } from '../../domain/received.ts'
import type { PartitionReader } from '../../stream/partitions.kafka.ts'
import type { RawRecord } from '../../stream/record.ts'
import type { Answered, DecidedRecords } from './decided.ts'
import type { Timed, TimedSource } from './mergeByTime.ts'

/** Something that Redis is to remember again. */
export type Remembered =
  | {
      readonly kind: 'payment'
      readonly received: Received
      readonly outcome: Outcome | null
      /** What it was stepped up for; the empty set where it was not. */
      readonly reasons: ReasonSet
    }
  | { readonly kind: 'happening'; readonly happening: Happening }
  | { readonly kind: 'report'; readonly arrived: Arrived }

export type OnRefused = (count: number) => void

/** Records that the processor refused are left out, as it left them out. */
const createSource = <R>(
  readOn: () => Promise<readonly R[]>,
  timedOf: (item: R) => Timed<Remembered> | null,
  onRefused: OnRefused,
): TimedSource<Remembered> => ({
  read: async () => {
    for (;;) {
      const read = await readOn()
      const items = read.map(timedOf).filter((item) => item !== null)
      onRefused(read.length - items.length)
      if (items.length > 0 || read.length === 0) return items
    }
  },
})

/** One partition of a topic beside payments, up to the offset `until`. */
export const sideSource = <T>(
  reader: Pick<PartitionReader, 'read'>,
  until: number,
  decode: (record: RawRecord) => T | Refused,
  isRefused: (decoded: T | Refused) => decoded is Refused,
  itemOf: (decoded: T) => Remembered,
  onRefused: OnRefused,
): TimedSource<Remembered> =>
  createSource(
    () => reader.read(until),
    (record) => {
      const decoded = decode(record)
      return isRefused(decoded) ? null : { at: record.timestamp, item: itemOf(decoded) }
    },
    onRefused,
  )

export type OnCompared = (received: Received, answer: Answered) => void

/** One partition of `payments` with what was decided, up to the given offsets. */
export const paymentSource = (
  decided: DecidedRecords,
  until: { readonly payments: number; readonly decisions: number },
  decode: (record: RawRecord) => Received | Refused,
  onCompared: OnCompared,
  onRefused: OnRefused,
): TimedSource<Remembered> =>
  createSource(
    () => decided.read(until),
    ({ record, answer }) => {
      const received = decode(record)
      if ('reason' in received) return null
      if (answer !== null) onCompared(received, answer)
      return {
        at: record.timestamp,
        item: {
          kind: 'payment',
          received,
          outcome: answer?.outcome ?? null,
          reasons: answer?.reasons ?? 0,
        },
      }
    },
    onRefused,
  )
