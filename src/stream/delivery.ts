import type { Outbound, Positions } from './flow.ts'

/** How answers and the offsets of what they answer get into Kafka. */
export type Delivery = {
  /**
   * Publishes the answers of a micro-batch. Where offsets go with the answers, a partition for which that failed is
   * missing from the positions, and lost.
   */
  readonly publish: (outbound: Outbound) => Promise<Positions>
  /**
   * Before the first micro-batch of a partition after an assignment.
   * @returns the offset to go on from, once after each assignment; null: from where it is
   */
  readonly takeOver: (partition: number) => Promise<number | null>
  /** Why the partition is to be given up; null: it is not. */
  readonly lost: (partition: number) => Error | null
  /** After a rebalance each partition is taken over anew. */
  readonly forget: () => void
  /** Whether offsets are committed with the answers, so that nobody else must. */
  readonly commitsOffsets: boolean
  readonly close: () => Promise<void>
}

/** Answers first, offsets afterwards: what is answered and not committed comes again, and gets the same answer. */
export const createAtLeastOnce = (publish: Delivery['publish']): Delivery => ({
  publish,
  takeOver: () => Promise.resolve(null),
  lost: () => null,
  forget: () => undefined,
  commitsOffsets: false,
  close: () => Promise.resolve(),
})
