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
  /**
   * So many micro-batches of a partition may be handed over before the first of them is published. More than one only
   * where a failure of one keeps all later ones from being published.
   */
  readonly aheadMax: number
  /** Whether offsets are committed with the answers, so that nobody else must. */
  readonly commitsOffsets: boolean
  readonly close: () => Promise<void>
}

/**
 * Answers first, offsets afterwards: what is answered and not committed comes again, and gets the same answer.
 * Nothing fences an owner that was expelled, so that one which stood still for too long publishes nothing until it has
 * joined again: the journal, where its answers would be found to differ, may be away.
 * @param standstills how often this process stood still for so long that it may have been expelled
 */
export const createAtLeastOnce = (
  publish: Delivery['publish'],
  standstills: () => number = () => 0,
): Delivery => {
  let known = standstills()
  const lost = (): Error | null =>
    standstills() === known
      ? null
      : new Error('this process stood still for so long that others may have its partitions')
  return {
    publish: (outbound) => (lost() === null ? publish(outbound) : Promise.resolve(new Map())),
    takeOver: () => Promise.resolve(null),
    lost,
    forget: () => {
      known = standstills()
    },
    aheadMax: 1,
    commitsOffsets: false,
    close: () => Promise.resolve(),
  }
}
