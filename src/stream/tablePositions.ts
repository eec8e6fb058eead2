/** What one partition held when the table began to be read. */
export type PartitionExtent = {
  readonly partition: number
  /** The oldest record that it still held. */
  readonly low: number
  /** After the newest one. */
  readonly end: number
}

/** How far a topic has been read, by partition. */
export type TablePositions = {
  /** What is to be read before the table counts as loaded. */
  readonly expect: (extents: readonly PartitionExtent[]) => void
  /** Whether a record at this offset is to be taken; not so where it was taken before and comes again. */
  readonly isNew: (partition: number, offset: number) => boolean
  /** All before this offset is read, or is nothing that a reader is shown. */
  readonly reach: (partition: number, next: number) => void
  /** Whether the topic ends before what was read of it: then it is another one of that name. */
  readonly isAnotherTopic: (partition: number, end: number) => boolean
  readonly forget: () => void
  /** Records that are still to be read before the table counts as loaded; NaN: not known yet. Never grows. */
  readonly remaining: () => number
}

export const createTablePositions = (): TablePositions => {
  const nexts = new Map<number, number>()
  let waitedFor: ReadonlyMap<number, number> | null = null
  const nextOf = (partition: number): number => nexts.get(partition) ?? 0

  return {
    expect: (extents) => {
      waitedFor = new Map(
        extents.filter(({ low, end }) => low < end).map(({ partition, end }) => [partition, end]),
      )
    },
    isNew: (partition, offset) => offset >= nextOf(partition),
    reach: (partition, next) => void nexts.set(partition, Math.max(next, nextOf(partition))),
    isAnotherTopic: (partition, end) => end < nextOf(partition),
    forget: () => {
      nexts.clear()
      // What was to be loaded is gone.
      if (waitedFor !== null) waitedFor = new Map()
    },
    remaining: () => {
      if (waitedFor === null) return NaN
      let records = 0
      for (const [partition, end] of waitedFor) records += Math.max(0, end - nextOf(partition))
      if (records === 0) waitedFor = new Map()
      return records
    },
  }
}
