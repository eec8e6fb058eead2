import type { Admin } from 'kafkajs'
import { createEarlierAnswers, type EarlierAnswers, type Published } from './earlierAnswers.ts'
import type { PartitionFetch } from './partitionFetch.kafka.ts'
import { sourceOffsetHeader } from './publisher.kafka.ts'
import type { RawRecord } from './record.ts'

export type DecisionTailDeps = {
  readonly admin: Pick<Admin, 'fetchOffsets'>
  readonly fetch: Pick<PartitionFetch, 'bounds' | 'offsetAt' | 'read'>
  readonly groupId: string
  readonly topics: { readonly payments: string; readonly decisions: string }
  readonly isDecision: (bytes: Buffer) => boolean
  /** Of another build's format, or no decision: the payment is answered as if it were not there. */
  readonly onUnreadable: (where: { readonly partition: number; readonly offset: number }) => void
}

/** The clocks of brokers and of those that decided may differ by so much. */
const clockDifferenceMs = 300_000

/** What a commit says of `decisions`; null: nothing. */
const positionIn = (metadata: string | null): number | null => {
  if (metadata === null || metadata === '') return null
  try {
    const told: unknown = JSON.parse(metadata)
    if (typeof told !== 'object' || told === null || !('decisions' in told)) return null
    const position = Number(told.decisions)
    return Number.isSafeInteger(position) && position >= 0 ? position : null
  } catch {
    // Not ours: somebody else committed for this group.
    return null
  }
}

const publishedOf = ({ headers, offset, value }: RawRecord): readonly Published[] => {
  const header = headers[sourceOffsetHeader]
  const sourceOffset = header === undefined ? NaN : Number(String(header))
  return value !== null && Number.isSafeInteger(sourceOffset)
    ? [{ sourceOffset, position: offset, bytes: value }]
    : []
}

/** The earlier answers as they stand in Kafka. */
export const createDecisionTail = (deps: DecisionTailDeps): EarlierAnswers => {
  const { admin, fetch, groupId, topics } = deps
  const committedPosition = async (partition: number): Promise<number | null> => {
    const found = await admin.fetchOffsets({ groupId, topics: [topics.payments] })
    const of = found.flatMap(({ partitions }) => partitions).find((each) => each.partition === partition)
    return positionIn(of?.metadata ?? null)
  }

  /** Without a position: an answer is younger than its payment. */
  const positionAt = async ({ partition, timestamp }: RawRecord, end: number): Promise<number> =>
    timestamp < 0
      ? 0
      : ((await fetch.offsetAt(topics.decisions, partition, timestamp - clockDifferenceMs)) ?? end)

  return createEarlierAnswers({
    begin: async (first) => {
      const { start, end } = await fetch.bounds(topics.decisions, first.partition)
      const committed = await committedPosition(first.partition)
      // Beyond the end: the topic was made anew.
      const known = committed !== null && committed <= end ? committed : await positionAt(first, end)
      return { from: Math.max(start, known), end }
    },
    read: async (partition, from) => {
      const { records, next } = await fetch.read(topics.decisions, partition, from)
      const published = records.flatMap(publishedOf).filter(({ bytes, position }) => {
        const readable = deps.isDecision(bytes)
        if (!readable) deps.onUnreadable({ partition, offset: position })
        return readable
      })
      return { published, next }
    },
  })
}
