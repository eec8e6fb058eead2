/** One partition of a topic, as offsets: what it holds, and what the group takes next. */
export type PartitionLook = {
  readonly partition: number
  /** The oldest record that the topic still holds. */
  readonly low: number
  /** After the newest one; Infinity: not known. */
  readonly end: number
  /** Negative: the group has committed nothing that is still known. */
  readonly committed: number
}

/** A topic at a time: `committed` was asked for before `end`, and neither before `at`. */
export type TopicLook = {
  /** Milliseconds that never step back. */
  readonly at: number
  /** Every partition of the topic. */
  readonly partitions: readonly PartitionLook[]
}

export type Watermark = {
  readonly see: (look: TopicLook) => void
  /** Whatever the topic held at this time the group has taken over; -Infinity: nothing is known yet. */
  readonly at: () => number
}

/** What a topic held at a time that the group had not taken over yet: by partition, the offset after its newest. */
type Mark = { readonly at: number; readonly ends: ReadonlyMap<number, number> }

/** A long stall would leave a mark for each look: beyond so many the older ones are thinned out. */
const marksMax = 128
/** Afterwards they are so much of their age apart at most: the lag of who catches up is told no more exactly. */
const stepShare = 1 / 8

const thinnedOut = (marks: readonly Mark[], now: number): readonly Mark[] => {
  const kept: Mark[] = []
  marks.forEach((mark, i) => {
    const [before, after] = [kept.at(-1), marks[i + 1]]
    const gap = before === undefined || after === undefined ? Infinity : after.at - before.at
    if (gap > (now - mark.at) * stepShare) kept.push(mark)
  })
  return kept
}

/**
 * All before this offset was taken over, or has gone. An offset beyond the end is of an earlier topic of that name: the
 * group begins anew there.
 */
const positionOf = ({ low, end, committed }: PartitionLook): number =>
  committed < low || committed > end ? low : committed

/**
 * How far a group has come with a topic, in time: the watermark is the time of the newest look whose end the group has
 * reached by now in every partition. A topic without new records is as fresh as the last look. It never goes back.
 */
export const createWatermark = (): Watermark => {
  let marks: readonly Mark[] = []
  let watermark = -Infinity
  let lastAt = -Infinity

  return {
    see: ({ at, partitions }) => {
      // Where nothing was told of the topic, that is no topic in which nothing waits; and an old look tells nothing.
      if (partitions.length === 0 || at <= lastAt) return
      lastAt = at
      const positions = new Map(partitions.map((each) => [each.partition, positionOf(each)]))
      const isReached = ({ ends }: Mark): boolean =>
        [...ends].every(([partition, end]) => (positions.get(partition) ?? -1) >= end)

      const newest = { at, ends: new Map(partitions.map(({ partition, end }) => [partition, end])) }
      const seen = [...marks, newest]
      const reached = seen.findLastIndex(isReached)
      watermark = seen[reached]?.at ?? watermark
      const ahead = seen.slice(reached + 1)
      marks = ahead.length > marksMax ? thinnedOut(ahead, at) : ahead
    },
    at: () => watermark,
  }
}
