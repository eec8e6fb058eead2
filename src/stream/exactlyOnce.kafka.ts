import type { Transaction } from 'kafkajs'
import type { Delivery } from './delivery.ts'
import { createPublisher, type PublisherDeps } from './publisher.kafka.ts'
import { sendingOnce } from './sendingOnce.kafka.ts'
import { joinedShare, refuseAgain, sharesOf, type Share } from './shares.ts'
import { createTogether } from './together.ts'
import { untilCompleted } from './untilCompleted.kafka.ts'
import type { TransactionSlots } from './transactionSlots.kafka.ts'

export type ExactlyOnceDeps = {
  readonly slots: TransactionSlots
  readonly publisher: Omit<PublisherDeps, 'producer' | 'timeoutMs'>
  readonly groupId: string
  readonly payments: string
  /** The committed offset of a partition of `payments`; null: there is none. */
  readonly committed: (partition: number) => Promise<number | null>
  /** What must be done with the answered payments before they count as done. */
  readonly beforeCommit: () => Promise<void>
  /** As `EarlierAnswers.passed`. */
  readonly passed: (partition: number, offset: number, reached: string | undefined) => string | null
  readonly onLost: (partition: number, error: unknown) => void
}

/** Of a partition, so many micro-batches wait for a transaction at most: about what one fetch of it holds. */
const aheadMax = 8

/**
 * Answers, what goes with them, and the offset of what they answer are one transaction for each partition. What is decided
 * while one is under way goes in the next, all together: a transaction takes as long for 500 payments as for one.
 */
export const createExactlyOnce = (deps: ExactlyOnceDeps): Delivery => {
  const { slots } = deps

  const answer = async ({ partition, last, outbound }: Share, transaction: Transaction): Promise<string> => {
    const publish = createPublisher({ ...deps.publisher, producer: sendingOnce(transaction) })
    const reached = (await publish(outbound)).get(partition)
    await deps.beforeCommit()
    const position = deps.passed(partition, last + 1, reached)
    const metadata = position === null ? '' : JSON.stringify({ decisions: position })
    const partitions = [{ partition, offset: String(last + 1), metadata }]
    await untilCompleted(() =>
      transaction.sendOffsets({
        consumerGroupId: deps.groupId,
        topics: [{ topic: deps.payments, partitions }],
      }),
    )
    return position ?? ''
  }

  /** null: the partition is lost, and with it what waited behind. */
  const commit = async (shares: readonly Share[]): Promise<string | null> => {
    const share = joinedShare(shares)
    if (slots.lost(share.partition) !== null) return null
    try {
      return await slots.run(share, (transaction) => {
        refuseAgain(shares)
        return answer(share, transaction)
      })
    } catch (error) {
      deps.onLost(share.partition, error)
      return null
    }
  }

  type Line = (share: Share) => Promise<string | null>
  /** By partition, since the last rebalance. */
  let lines = new Map<number, Line>()

  const lineOf = (partition: number): Line => {
    const known = lines.get(partition)
    if (known !== undefined) return known
    const into = lines
    // What waited when the group was joined again comes again, to whoever has the partition now.
    const line = createTogether((shares: readonly Share[]) =>
      into === lines ? commit(shares) : Promise.resolve(null),
    )
    into.set(partition, line)
    return line
  }

  return {
    publish: async (outbound) => {
      const positions = new Map<number, string>()
      await Promise.all(
        sharesOf(outbound).map(async (share) => {
          const position = await lineOf(share.partition)(share)
          if (position !== null) positions.set(share.partition, position)
        }),
      )
      return positions
    },
    takeOver: async (partition) =>
      slots.isTaken(partition) ? null : slots.take(partition, () => deps.committed(partition)),
    lost: slots.lost,
    forget: () => {
      lines = new Map()
      slots.forget()
    },
    aheadMax,
    commitsOffsets: true,
    close: slots.close,
  }
}
