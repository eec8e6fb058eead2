import type { AskCommitted } from './committed.kafka.ts'
import { createEarlierAnswers, type EarlierAnswers, type Published } from './earlierAnswers.ts'
import type { PartitionFetch } from './partitionFetch.kafka.ts'
import { sourceOffsetHeader } from './publisher.kafka.ts'
import type { RawRecord } from './record.ts'

export type DecisionTailDeps = {
  readonly committed: AskCommitted
  readonly fetch: Pick<PartitionFetch, 'bounds' | 'offsetAt' | 'read'>
  readonly decisions: string
  /** A position before which all answers of earlier owners stand, where one is known for certain. */
  readonly markOf: (partition: number) => number | null
  readonly isDecision: (bytes: Buffer) => boolean
  /** Of another build's format, or no decision: the payment is answered as if it were not there. */
  readonly onUnreadable: (where: { readonly partition: number; readonly offset: number }) => void
}

/** The clocks of brokers and of those that decided may differ by so much. */
const clockDifferenceMs = 300_000

const publishedOf = ({ headers, offset, value }: RawRecord): readonly Published[] => {
  const header = headers[sourceOffsetHeader]
  const sourceOffset = header === undefined ? NaN : Number(String(header))
  return value !== null && Number.isSafeInteger(sourceOffset)
    ? [{ sourceOffset, position: offset, bytes: value }]
    : []
}

/** The earlier answers as they stand in Kafka. */
export const createDecisionTail = (deps: DecisionTailDeps): EarlierAnswers => {
  const { committed, fetch, decisions } = deps

  /** Without a position: an answer is younger than its payment. */
  const positionAt = async ({ partition, timestamp }: RawRecord, end: number): Promise<number> =>
    timestamp < 0 ? 0 : ((await fetch.offsetAt(decisions, partition, timestamp - clockDifferenceMs)) ?? end)

  return createEarlierAnswers({
    begin: async (first) => {
      const bounds = await fetch.bounds(decisions, first.partition)
      const { start } = bounds
      const end = Math.max(bounds.end, deps.markOf(first.partition) ?? 0)
      const { offset, position } = await committed(first.partition)
      // Beyond the end: the topic was made anew. Beyond the first record: it speaks of later answers only. A group's new
      // coordinator may tell an older commit at first, from which the partition is read, and a moment later the last one.
      const speaksOfFirst = position !== null && position <= end && (offset ?? 0) <= first.offset
      const known = speaksOfFirst ? position : await positionAt(first, end)
      return { from: Math.max(start, known), end }
    },
    read: async (partition, from) => {
      const { records, next } = await fetch.read(decisions, partition, from)
      const published = records.flatMap(publishedOf).filter(({ bytes, position }) => {
        const readable = deps.isDecision(bytes)
        if (!readable) deps.onUnreadable({ partition, offset: position })
        return readable
      })
      return { published, next }
    },
  })
}
