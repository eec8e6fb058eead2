import type { Source } from '../domain/received.ts'
import type { RawRecord } from './record.ts'

/** A decision that stands in `decisions`: the offset of its payment, where it stands itself, its bytes. */
export type Published = { readonly sourceOffset: number; readonly position: number; readonly bytes: Buffer }

export type EarlierAnswersDeps = {
  /**
   * The part of a partition of `decisions` that can hold answers to what is not committed.
   * @param first the record from which the partition is read
   */
  readonly begin: (first: RawRecord) => Promise<{ readonly from: number; readonly end: number }>
  readonly read: (
    partition: number,
    from: number,
  ) => Promise<{ readonly published: readonly Published[]; readonly next: number }>
}

/**
 * What was answered and not committed, by this instance's predecessors or by itself: after a crash or a failure the
 * payments come again, and the answers that stand in `decisions` are theirs, whatever became of Redis.
 */
export type EarlierAnswers = {
  /** After a rebalance everything is read anew. */
  readonly forget: () => void
  /** After a failure too: what a partition's micro-batch sent may stand there, though nobody acknowledged it. */
  readonly forgetOne: (partition: number) => void
  /** Resolves when all earlier answers to these records of one partition are known. */
  readonly until: (records: readonly RawRecord[]) => Promise<void>
  /** The answer to this record that has been published; null: there is none. */
  readonly of: (source: Pick<Source, 'partition' | 'offset'>) => Buffer | null
  /**
   * All records before `offset` are answered.
   * @param reached the position in `decisions` after the last one published for them, if any was
   * @returns the position from which a successor that goes on at `offset` is to read; null: not known
   */
  readonly passed: (partition: number, offset: number, reached: string | undefined) => string | null
}

type Tail = {
  /** From here on nothing was read yet. */
  next: number
  readonly end: number
  /** The highest source offset that was met. */
  highest: number
  /** By source offset, in the order of their positions; of several the first counts. */
  readonly waiting: Map<number, Published>
}

export const createEarlierAnswers = ({ begin, read }: EarlierAnswersDeps): EarlierAnswers => {
  let tails = new Map<number, Promise<Tail>>()
  /** Those of `tails` that are there. */
  let begun = new Map<number, Tail>()
  let reachedBy = new Map<number, string>()

  const tailOf = (first: RawRecord): Promise<Tail> => {
    const { partition } = first
    const known = tails.get(partition)
    if (known !== undefined) return known
    const into = begun
    const opening = begin(first).then(({ from, end }) => {
      const tail: Tail = { next: from, end, highest: -1, waiting: new Map() }
      into.set(partition, tail)
      return tail
    })
    const mine = tails
    mine.set(partition, opening)
    // Another try begins anew.
    opening.catch(() => mine.delete(partition))
    return opening
  }

  /** Of payments before `first` nobody asks any more. */
  const take = (tail: Tail, published: readonly Published[], first: number): void => {
    for (const each of published) {
      tail.highest = Math.max(tail.highest, each.sourceOffset)
      if (each.sourceOffset >= first && !tail.waiting.has(each.sourceOffset))
        tail.waiting.set(each.sourceOffset, each)
    }
  }

  return {
    forget: () => {
      tails = new Map()
      begun = new Map()
      reachedBy = new Map()
    },
    forgetOne: (partition) => {
      tails.delete(partition)
      begun.delete(partition)
      reachedBy.delete(partition)
    },
    until: async (records) => {
      const [first, last] = [records[0], records.at(-1)]
      if (first === undefined || last === undefined) return
      const tail = await tailOf(first)
      // Answers stand in the order of their payments: each owner goes on at or before where the one before it ended.
      while (tail.next < tail.end && tail.highest <= last.offset) {
        const { published, next } = await read(first.partition, tail.next)
        take(tail, published, first.offset)
        tail.next = next
      }
    },
    of: ({ partition, offset }) => begun.get(partition)?.waiting.get(offset)?.bytes ?? null,
    passed: (partition, offset, reached) => {
      const tail = begun.get(partition)
      if (reached !== undefined) reachedBy.set(partition, reached)
      if (tail === undefined) return reachedBy.get(partition) ?? null
      for (const sourceOffset of tail.waiting.keys())
        if (sourceOffset < offset) tail.waiting.delete(sourceOffset)
      const [waiting] = tail.waiting.values()
      if (waiting !== undefined) return String(waiting.position)
      if (tail.next < tail.end) return String(tail.next)
      return reachedBy.get(partition) ?? String(tail.end)
    },
  }
}
