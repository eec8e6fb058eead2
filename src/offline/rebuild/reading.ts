import { SluiceError } from '../../errors.ts'
import { isRefused as isRefusedHappening } from '../../stream/happenings.ts'
import { createDecidedRecords } from './decided.ts'
import type { Decoders } from './decoders.ts'
import { mergeByTime, type TimedSource } from './mergeByTime.ts'
import type { ReadRange, ReadRanges } from './rebuiltLog.ts'
import { paymentSource, sideSource, type OnCompared, type Remembered } from './sources.ts'
import type { Stage } from './stage.ts'
import type { Ends, SourcePartition, SourceTopics } from './topics.kafka.ts'

export type ReadingDeps = {
  readonly topics: SourceTopics
  readonly decoders: Decoders
  readonly signal: AbortSignal
}

export type Reading = {
  /** Goes on to there, by time, and resolves when the stage has all of it. @throws SluiceError STOPPED */
  readUntil(ends: Ends, stage: Stage, onBatch: () => void): Promise<void>
  /** What was read, once it was read up to `ends`. */
  ranges(ends: Ends): ReadRanges
  /** Records that were refused, and all of them. */
  readonly refused: number
  readonly read: number
}

const recordsPerCall = 512

const endOf = (ends: ReadonlyMap<number, number>, partition: number): number => ends.get(partition) ?? 0

const rangesOf = (
  partitions: readonly SourcePartition[],
  untilOf: (partition: number) => number,
): ReadonlyMap<number, ReadRange> =>
  new Map(
    partitions.map(({ reader: { partition, start } }) => [
      partition,
      { from: start, until: untilOf(partition) },
    ]),
  )

/** What was read so far of everything, in rounds that each end at a given place. */
export const createReading = (
  { topics: { partitions }, decoders, signal }: ReadingDeps,
  onCompared: OnCompared,
): Reading => {
  const decided = partitions.payments.map(({ reader }) => {
    const { partition, start } = reader
    const decisions = partitions.decisions.find((each) => each.reader.partition === partition)
    if (decisions === undefined)
      throw new SluiceError('TOPIC_MISMATCH', `no decisions for partition ${partition}`)
    const records = createDecidedRecords(reader, decisions.reader, start, decoders.answer)
    return { partition, start, records }
  })
  let refused = 0
  let read = 0
  const onRefused = (count: number): void => {
    refused += count
    read += count
  }

  const sourcesUntil = (ends: Ends): readonly TimedSource<Remembered>[] => [
    ...decided.map(({ partition, records }) =>
      paymentSource(
        records,
        { payments: endOf(ends.payments, partition), decisions: endOf(ends.decisions, partition) },
        decoders.payment,
        onCompared,
        onRefused,
      ),
    ),
    ...partitions.accountEvents.map(({ reader }) =>
      sideSource(
        reader,
        endOf(ends.accountEvents, reader.partition),
        decoders.accountEvent,
        isRefusedHappening,
        (happening) => ({ kind: 'happening', happening }),
        onRefused,
      ),
    ),
    ...partitions.riskFeedback.map(({ reader }) =>
      sideSource(
        reader,
        endOf(ends.riskFeedback, reader.partition),
        decoders.feedback,
        isRefusedHappening,
        (happening) => ({ kind: 'happening', happening }),
        onRefused,
      ),
    ),
    ...partitions.deviceHealth.map(({ reader }) =>
      sideSource(
        reader,
        endOf(ends.deviceHealth, reader.partition),
        decoders.deviceHealth,
        (arrived) => 'reason' in arrived,
        (arrived) => ({ kind: 'report', arrived }),
        onRefused,
      ),
    ),
  ]

  return {
    readUntil: async (ends: Ends, stage: Stage, onBatch: () => void): Promise<void> => {
      for await (const batch of mergeByTime(sourcesUntil(ends), recordsPerCall)) {
        if (signal.aborted) throw new SluiceError('STOPPED', 'interrupted: run it again')
        read += batch.length
        await stage.take(batch)
        onBatch()
      }
      await stage.flush()
    },
    ranges: (ends: Ends): ReadRanges => ({
      payments: new Map(
        decided.map(({ partition, start, records }) => [partition, { from: start, until: records.position }]),
      ),
      feedback: rangesOf(partitions.riskFeedback, (partition) => endOf(ends.riskFeedback, partition)),
      accountEvents: rangesOf(partitions.accountEvents, (partition) => endOf(ends.accountEvents, partition)),
    }),
    get refused() {
      return refused
    },
    get read() {
      return read
    },
  }
}

/** How many there are to read up to there, decisions aside. */
export const recordsUntil = ({ partitions }: SourceTopics, ends: Ends): number =>
  (['payments', 'accountEvents', 'riskFeedback', 'deviceHealth'] as const).reduce(
    (sum, name) =>
      sum +
      partitions[name].reduce(
        (count, { reader }) => count + Math.max(0, endOf(ends[name], reader.partition) - reader.start),
        0,
      ),
    0,
  )
