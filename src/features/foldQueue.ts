import { createBoundedMap } from './boundedMap.ts'
import type { EntityKey } from './entityKey.ts'

/** Logs that are to be folded. */
export type FoldQueue = {
  /** Puts a log in line, unless it was there with hardly fewer records. */
  readonly offer: (entity: EntityKey, records: number) => void
  readonly take: () => EntityKey | undefined
  /** It was folded: it may come again when it is long again, and has no fewer records than that. */
  readonly folded: (entity: EntityKey, from: number) => void
  readonly size: number
  /** Whether one of them does not bear waiting. */
  readonly isUrgent: boolean
}

export type FoldQueueOptions = {
  /** More do not wait: they are offered again when they are met again. */
  readonly limit: number
  /** A log with so many records goes before all that have fewer. */
  readonly urgentRecords: number
}

/** Where folding gained nothing it is tried again when so many records have come. */
const retryRecords = 64

/** First come, first served; but one that receives thousands of payments a second does not wait for thousands of others. */
export const createFoldQueue = ({ limit, urgentRecords }: FoldQueueOptions): FoldQueue => {
  const waiting = new Map<string, EntityKey>()
  const urgent = new Map<string, EntityKey>()
  /** Records from which on a log that was offered is put in line again. */
  const again = createBoundedMap<string, number>(limit)

  return {
    offer: (entity, records) => {
      const { key } = entity
      const line = records >= urgentRecords ? urgent : waiting
      if (line.size >= limit || records < (again.get(key) ?? 0)) return
      again.set(key, records + retryRecords)
      if (line === urgent) waiting.delete(key)
      line.set(key, entity)
    },
    take: () => {
      const line = urgent.size > 0 ? urgent : waiting
      const [first] = line.values()
      if (first !== undefined) line.delete(first.key)
      return first
    },
    folded: ({ key }, from) => again.set(key, from),
    get size() {
      return waiting.size + urgent.size
    },
    get isUrgent() {
      return urgent.size > 0
    },
  }
}
